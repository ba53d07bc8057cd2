// The clients of a cohort that changes over the measured time, in one worker: who joins and who leaves, and when. Whatever is
// looked at late is caught up with, so that as many join in all as the plan says. Apart from the connections, for tests in
// simulated time.
import type { Cohort } from '../../../client/cohort.ts';
import type { Clock, Timer } from '../../../time/clock.ts';
import { clientsBetween } from '../../plan/stages/client-stages.ts';
import type { CohortShare } from '../worker-messages.ts';

const STEP_MILLIS = 20;

/** One visit of a client, from its join until it leaves. */
export interface Slot {
  /** Of the client in its cohort, over all workers; it may come again after it left. */
  readonly number: number;
  /** Its first visit. */
  readonly isFirst: boolean;
  /** False once its stage has let it go. */
  isWanted: boolean;
  /** Set when it is connected. */
  leave?: () => void;
}

export interface StagedClientsParts {
  readonly share: CohortShare;
  readonly clock: Clock;
  readonly joinNewcomer: (slot: Slot) => void;
}

export class StagedClients {
  private readonly parts: StagedClientsParts;
  private readonly cohort: Pick<Cohort, 'clients' | 'stages'>;
  private readonly slots = new Map<number, Slot>();
  private level: number;
  private afterMillis = -1;
  /** All numbers below were there. */
  private seen = 0;
  private nextJoinMicros = 0;
  private timer: Timer | undefined;

  constructor(parts: StagedClientsParts) {
    const { cohort, cohortClients } = parts.share;
    this.parts = parts;
    this.cohort = { ...cohort, clients: cohortClients };
    this.level = cohortClients;
  }

  /** A client that is connected before the measured time. */
  first(number: number): Slot {
    return this.take(number);
  }

  /** The measured time: from now on clients join and leave. */
  begin(fromMicros: number, untilMicros: number): void {
    const { clock } = this.parts;
    const nowMicros = Math.min(clock.nowMicros(), untilMicros);
    this.timer?.cancel();
    this.advance((nowMicros - fromMicros) / 1e3);
    if (nowMicros < untilMicros)
      this.timer = clock.after(STEP_MILLIS, () => this.begin(fromMicros, untilMicros));
  }

  end(): void {
    this.timer?.cancel();
  }

  private advance(untilMillis: number): void {
    if (untilMillis <= this.afterMillis) return;
    for (const level of clientsBetween(this.cohort, this.afterMillis, untilMillis)) {
      for (; this.level < level; this.level++) if (this.owns(this.level)) this.join(this.level);
      for (; this.level > level; this.level--) this.letGo(this.level - 1);
    }
    this.afterMillis = untilMillis;
  }

  /** Those that were there from the start are in blocks, the others in turn. */
  private owns(number: number): boolean {
    const { cohort, cohortClients, firstClient, worker, workers } = this.parts.share;
    if (number >= cohortClients) return number % workers === worker;
    return number >= firstClient && number < firstClient + cohort.clients;
  }

  private take(number: number): Slot {
    const slot: Slot = { number, isFirst: number >= this.seen, isWanted: true };
    this.seen = Math.max(this.seen, number + 1);
    this.slots.set(number, slot);
    return slot;
  }

  /** No faster than the ramp, whatever the stages say: who comes late for that still joins. */
  private join(number: number): void {
    const { clock, share, joinNewcomer } = this.parts;
    const slot = this.take(number);
    const nowMicros = clock.nowMicros();
    this.nextJoinMicros = Math.max(nowMicros, this.nextJoinMicros);
    clock.after((this.nextJoinMicros - nowMicros) / 1e3, () => joinNewcomer(slot));
    this.nextJoinMicros += 1e6 / share.connectionsPerSecond;
  }

  private letGo(number: number): void {
    const slot = this.slots.get(number);
    if (slot === undefined) return;
    this.slots.delete(number);
    slot.isWanted = false;
    slot.leave?.();
  }
}
