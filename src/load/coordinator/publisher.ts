// Publishes what is due, in order, one request at a time: what came due while a request was under way goes with the next
// one, where the hub takes several in one. Late sends are counted, not forgiven; a refused event is counted, and the next one
// follows.

import { stampEvent } from '../../protocol/content-check.ts';
import type { Target } from '../../target/target.ts';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import type { DueEvent } from '../plan/schedule.ts';
import { RequestAccount } from './publishing/request-account.ts';
import type { Rota } from './rota/rota.ts';
import type { TurnReport } from './rota/turn.ts';

/** Whether a rota has begun is looked at as often, well within the time between that and its first block. */
const MAX_PAUSE_MILLIS = 1_000;

export class Publisher extends RequestAccount {
  countSlowClients: () => number = () => 0;
  /** Awaited before each request. */
  beforeRequest: () => Promise<void> = async () => {};
  /** Who publishes in the measured time, where that is not this machine alone. */
  rota: Rota | undefined;
  /** It was a request of an agent that failed: this machine may still reach the hub. */
  hasAgentFailed = false;
  /** No request is under way from then on. */
  private freeFromMicros = Number.POSITIVE_INFINITY;
  private readonly target: Target;
  readonly runId: string;
  private readonly clock: Clock;

  constructor(target: Target, runId: string, clock: Clock) {
    super();
    this.target = target;
    this.runId = runId;
    this.clock = clock;
  }

  /** Publishes the schedule until `signal` aborts or the hub fails; resolves then. What stays unsent is read from `rest`. */
  async run(schedule: Iterator<DueEvent>, signal: AbortSignal, rest = schedule): Promise<void> {
    const stopRota = () => this.rota?.stop();
    signal.addEventListener('abort', stopRota);
    let next = schedule.next();
    while (!next.done) {
      const isOver = signal.aborted || this.failure !== undefined;
      if (isOver) stopRota();
      const askedMicros = this.clock.nowMicros();
      const report = await this.rota?.next(next.value);
      if (report !== undefined) {
        for (let left = this.bookReport(report); left > 0 && !next.done; left--) next = schedule.next();
        continue;
      }
      if (isOver || signal.aborted) break;
      const nowMicros = this.clock.nowMicros();
      this.pace.addIdle(askedMicros, Math.min(nowMicros, next.value.dueMicros));
      if (next.value.dueMicros > nowMicros) {
        const millis = Math.ceil((next.value.dueMicros - nowMicros) / 1e3);
        await pause(this.clock, Math.min(millis, MAX_PAUSE_MILLIS), signal);
        this.pace.addIdle(nowMicros, this.clock.nowMicros());
        this.isCatchingUp = false;
        continue;
      }
      const endMicros = this.rota?.endOf(next.value) ?? Number.POSITIVE_INFINITY;
      const isNow = ({ dueMicros }: DueEvent) => dueMicros <= nowMicros && Math.round(dueMicros) < endMicros;
      const batch: DueEvent[] = [];
      while (!next.done && isNow(next.value) && batch.length < this.requestEvents()) {
        batch.push(next.value);
        next = schedule.next();
      }
      await this.publishAll(batch);
    }
    stopRota();
    signal.removeEventListener('abort', stopRota);
    if (!next.done && !this.failure) this.pace.addBacklog(rest, next.value, this.isCatchingUp);
  }

  /** How many of its events are settled. */
  private bookReport(report: TurnReport): number {
    if (report.firstSequence !== this.nextSequence)
      throw new Error(`event ${this.nextSequence} is next, and ${report.firstSequence} was sent`);
    if (report.kind !== 'answered') {
      this.bookUnowed(report.events, report.kind === 'unknown');
      return report.events.length;
    }
    const { events, sentMicros, answeredMicros } = report;
    const dueMicros = events[0]?.dueMicros ?? sentMicros;
    this.pace.addIdle(this.freeFromMicros, Math.min(dueMicros, sentMicros));
    // As above: it waited for the first of them.
    if (dueMicros > this.freeFromMicros) this.isCatchingUp = false;
    this.freeFromMicros = answeredMicros;
    const settled = this.book({ ...report, slowClients: this.countSlowClients() });
    this.hasAgentFailed = this.failure !== undefined;
    return settled;
  }

  private async publishAll(events: readonly DueEvent[]): Promise<void> {
    let rest = events;
    while (rest.length > 0 && !this.failure)
      rest = rest.slice(await this.request(rest.slice(0, this.requestEvents())));
  }

  /** False when the hub did not accept all events; `failure` or `refusal` then says why. Nothing follows a failure. */
  async publish(events: readonly DueEvent[]): Promise<boolean> {
    let isAccepted = true;
    for (let rest = events; rest.length > 0 && isAccepted && !this.failure; ) {
      const { acceptedEvents } = this;
      const part = rest.slice(0, this.requestEvents());
      rest = rest.slice(part.length);
      await this.request(part);
      isAccepted = this.acceptedEvents === acceptedEvents + part.length;
    }
    return isAccepted && !this.failure;
  }

  /** Each request has a deadline of its own: events that go one by one do not share it. */
  requestEvents(): number {
    return this.size.events(this.target.abilities.batch);
  }

  /** How many of the events are settled; those after them were not sent. */
  private async request(events: readonly DueEvent[]): Promise<number> {
    await this.beforeRequest();
    const firstSequence = this.nextSequence;
    const texts = events.map(({ envelope, dueMicros }, index) =>
      stampEvent(envelope, { runId: this.runId, sequence: firstSequence + index, dueMicros }),
    );
    const sentMicros = this.clock.nowMicros();
    const slowClients = this.countSlowClients();
    const outcome = await this.target.broadcast(texts);
    const answeredMicros = this.clock.nowMicros();
    this.freeFromMicros = answeredMicros;
    const settled = this.book({ events, texts, sentMicros, answeredMicros, outcome, slowClients });
    // What was not answered may still be delivered: before what follows.
    if (!outcome.ok && outcome.kind === 'timeout' && this.faults.isExcused(sentMicros, answeredMicros))
      await this.faults.untilOver();
    return settled;
  }

  /** Sends an event that belongs to no account, after a failure, and resolves with whether the hub took it. */
  async control(deadlineMillis: number): Promise<boolean> {
    const envelope = { type: 'deploy.progress', appId: 'norn-loadtest', payload: { sagaId: 'control' } };
    const probe = { runId: `${this.runId}x`, sequence: 0, dueMicros: this.clock.nowMicros() };
    return (await this.target.broadcast([stampEvent(envelope, probe)], { deadlineMillis })).ok;
  }
}
