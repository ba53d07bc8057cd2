// One block of the measured time in a rota, from the offer to an agent until all of its events are settled or left to the coordinator.
// What an agent may not say at that moment throws: it is not one of our agents, or has a fault.
import type { Timer } from '../../../time/clock.ts';
import type { DueEvent } from '../../plan/schedule.ts';
import { type AnsweredRequest, settle } from '../publishing/request-account.ts';
import type { Block } from './cut-block.ts';
import type { ProducerSeat, SentRequest } from './producer-messages.ts';
import { writtenDue } from './schedule-ahead.ts';

/** No clock that is compared four times a second is wrong by more. */
const MAX_AHEAD_MICROS = 5_000_000;

/** What became of events that an agent was to publish. */
export type TurnReport =
  | ({ readonly kind: 'answered'; readonly firstSequence: number } & Omit<AnsweredRequest, 'slowClients'>)
  /** `unknown`: the agent is gone, and may have sent them. `skipped`: nobody sends them. */
  | {
      readonly kind: 'unknown' | 'skipped';
      readonly firstSequence: number;
      readonly events: readonly DueEvent[];
    };

type State =
  | 'offered'
  | 'accepted'
  /** The agent publishes. */
  | 'going'
  /** What is left of it, the coordinator publishes. */
  | 'here';

export class Turn {
  readonly block: Block;
  readonly seat: ProducerSeat | undefined;
  readonly reports: TurnReport[] = [];
  /** Of a wait for its agent. */
  timer: Timer | undefined;
  state: State;
  /** Of its events, those that are settled by what the agent has reported. */
  private settled = 0;

  /** Without a seat it is the coordinator's. */
  constructor(block: Block, seat: ProducerSeat | undefined) {
    this.block = block;
    this.seat = seat;
    this.state = seat === undefined ? 'here' : 'offered';
  }

  get isUnderWay(): boolean {
    return this.state === 'going' || this.reports.length > 0;
  }

  /** When the agent is to send its next event; undefined where it has sent all. */
  get nextDueMicros(): number | undefined {
    return this.block.events[this.settled]?.dueMicros;
  }

  take({ first, events: count, sentMicros, answeredMicros, outcome }: SentRequest, nowMicros: number): void {
    const events = this.block.events.slice(first, first + count);
    if (this.state !== 'going' || first !== this.settled || count < 1 || events.length !== count)
      throw new Error(
        `block ${this.block.number} has no events ${first} to ${first + count - 1} to send now`,
      );
    const isEarly = events.some((event) => writtenDue(event) > sentMicros);
    if (isEarly || answeredMicros > nowMicros + MAX_AHEAD_MICROS)
      throw new Error(`block ${this.block.number} has no events that are sent at ${sentMicros} µs`);
    // A refusal is the hub's; that none of its answers arrives may be the agent's.
    const named =
      outcome.ok || outcome.kind === 'refused'
        ? outcome
        : { ...outcome, problem: `agent ${this.seat?.name}: ${outcome.problem}` };
    this.reports.push({
      ...{ kind: 'answered', events, texts: this.block.texts.slice(first, first + count) },
      ...{ firstSequence: this.block.firstSequence + first, sentMicros, answeredMicros, outcome: named },
    });
    this.settled += settle(outcome, count).settled;
  }

  done(unsent: number): void {
    if (this.state !== 'going' || unsent !== this.block.events.length - this.settled)
      throw new Error(`block ${this.block.number} cannot end with ${unsent} events unsent`);
    this.leave();
  }

  /** Nothing comes from its agent any more. */
  lose(): void {
    if (this.state === 'going') this.reportRest('unknown');
    this.leave();
  }

  /** Before anybody has begun with it. */
  skip(): void {
    this.reportRest('skipped');
    this.leave();
  }

  private reportRest(kind: 'unknown' | 'skipped'): void {
    const events = this.block.events.slice(this.settled);
    const firstSequence = this.block.firstSequence + this.settled;
    if (events.length > 0) this.reports.push({ kind, firstSequence, events });
  }

  leave(): void {
    this.timer?.cancel();
    this.state = 'here';
  }
}
