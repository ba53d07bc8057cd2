// Publishes what is due, in order, one request at a time: what came due while a request was under way goes with the next
// one, where the hub takes several in one. Late sends are counted, not forgiven; a refused event is counted, and the next one
// follows.

import { createLatencyHistogram } from '../../ledger/latency/latency-histogram.ts';
import { createPublishLog } from '../../ledger/published/publish-log.ts';
import type { UnowedKind } from '../../ledger/refused-events.ts';
import { stampEvent } from '../../protocol/content-check.ts';
import type { BroadcastOutcome, Target } from '../../target/target.ts';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { type FaultTolerance, NO_FAULTS } from '../faults/fault-tolerance.ts';
import type { DueEvent } from '../plan/schedule.ts';
import { PaceWatch } from './publishing/pace-counts.ts';
import { createPublishRecord } from './publishing/publish-record.ts';
import { createRefusalStreaks } from './publishing/refusal-streak.ts';
import { createRequestSize } from './publishing/request-size.ts';
import { PublishedSeconds } from './thresholds/published-seconds.ts';

export type PublishFailure = Extract<BroadcastOutcome, { ok: false }>;

export class Publisher {
  /** How many events were accepted. */
  acceptedEvents = 0;
  /** Of those, the ones due in the measured time. */
  measuredAccepted = 0;
  /** Events of the request that was never answered: clients may have them or not. */
  unansweredEvents = 0;
  /** Sent minus due, of events due in the measured time. */
  readonly lateness = createLatencyHistogram();
  readonly log = createPublishLog();
  readonly seconds = new PublishedSeconds();
  readonly pace = new PaceWatch();
  measuredFromMicros = Number.POSITIVE_INFINITY;
  /** Why nothing more is published: the hub is gone, does not answer, or refuses everything from the start. */
  failure: PublishFailure | undefined;
  /** The latest refusal, after which publishing goes on. */
  refusal: PublishFailure | undefined;
  readonly refusals = createRefusalStreaks();
  readonly record = createPublishRecord();
  countSlowClients: () => number = () => 0;
  /**
   * Called with the numbers of events that nobody is owed, both inclusive, before anything else is published: refused ones, or
   * those of a request that a fault kept from being answered.
   */
  onRefused: (from: number, to: number, why: UnowedKind) => void = () => {};
  /** What a hub does not take while it is under a fault, nobody is owed, and the events after it follow. */
  faults: FaultTolerance = NO_FAULTS;
  /** Awaited before each request. */
  beforeRequest: () => Promise<void> = async () => {};
  private readonly size = createRequestSize();
  private nextSequence = 0;
  /** A fault kept events from being sent in time; until the next one that is in time. */
  private isCatchingUp = false;
  private readonly target: Target;
  private readonly runId: string;
  private readonly clock: Clock;

  constructor(target: Target, runId: string, clock: Clock) {
    this.target = target;
    this.runId = runId;
    this.clock = clock;
  }

  /** Of the events below this number it is known whether the hub accepted them. */
  get settledSequences(): number {
    return this.nextSequence - this.unansweredEvents;
  }

  /** Publishes the schedule until `signal` aborts or the hub fails; resolves then. What stays unsent is read from `rest`. */
  async run(schedule: Iterator<DueEvent>, signal: AbortSignal, rest = schedule): Promise<void> {
    let next = schedule.next();
    while (!signal.aborted && !this.failure && !next.done) {
      const nowMicros = this.clock.nowMicros();
      if (next.value.dueMicros > nowMicros) {
        await pause(this.clock, Math.ceil((next.value.dueMicros - nowMicros) / 1e3), signal);
        this.pace.addIdle(nowMicros, this.clock.nowMicros());
        this.isCatchingUp = false;
        continue;
      }
      const batch: DueEvent[] = [];
      while (!next.done && next.value.dueMicros <= nowMicros && batch.length < this.requestEvents()) {
        batch.push(next.value);
        next = schedule.next();
      }
      await this.publishAll(batch);
    }
    if (!next.done && !this.failure) this.pace.addBacklog(rest, next.value, this.isCatchingUp);
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
  private requestEvents(): number {
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
    const isExcused = this.faults.isExcused(sentMicros, answeredMicros);
    this.isCatchingUp ||= isExcused;
    if (!isExcused) this.size.answered(texts.length, answeredMicros - sentMicros);
    const accepted = outcome.ok ? texts.length : Math.min(outcome.accepted ?? 0, texts.length);
    const isRefused = !outcome.ok && (outcome.kind === 'refused' || isToleratedAt(outcome, isExcused));
    const refused = isRefused ? refusedOf(outcome, texts.length - accepted) : 0;
    const settled = isRefused ? accepted + refused : texts.length;
    this.record.add({
      firstSequence: this.acceptedEvents,
      events: settled,
      outcome,
      sentAtMicros: sentMicros,
      latencyMicros: answeredMicros - sentMicros,
      slowClients,
      isExcused,
    });
    this.pace.addRequest(sentMicros, answeredMicros);
    for (const [index, { dueMicros }] of events.slice(0, settled).entries()) {
      this.pace.addEvent(dueMicros, sentMicros, isRefused && index >= accepted, this.isCatchingUp);
      if (dueMicros >= this.measuredFromMicros) this.lateness.record(sentMicros - dueMicros);
      this.seconds.sent(dueMicros, sentMicros, this.measuredFromMicros);
    }
    this.measuredAccepted += events.slice(0, accepted).filter((event) => this.isMeasured(event)).length;
    this.log.add(texts.slice(0, accepted), answeredMicros);
    this.seconds.accepted(accepted, answeredMicros);
    this.acceptedEvents += accepted;
    this.nextSequence += settled;
    this.settle(outcome, { accepted, refused, settled, answeredMicros, isExcused });
    // What was not answered may still be delivered: before what follows.
    if (isExcused && !outcome.ok && outcome.kind === 'timeout') await this.faults.untilOver();
    return settled;
  }

  /** Sends an event that belongs to no account, after a failure, and resolves with whether the hub took it. */
  async control(deadlineMillis: number): Promise<boolean> {
    const envelope = { type: 'deploy.progress', appId: 'norn-loadtest', payload: { sagaId: 'control' } };
    const probe = { runId: `${this.runId}x`, sequence: 0, dueMicros: this.clock.nowMicros() };
    return (await this.target.broadcast([stampEvent(envelope, probe)], { deadlineMillis })).ok;
  }

  private isMeasured({ dueMicros, isWarmUp }: DueEvent): boolean {
    return isWarmUp !== true && dueMicros >= this.measuredFromMicros && dueMicros < this.pace.untilMicros;
  }

  private settle(outcome: BroadcastOutcome, counts: SettledCounts): void {
    const { accepted, refused, settled, answeredMicros, isExcused } = counts;
    const firstSequence = this.acceptedEvents;
    if (accepted > 0) this.refusals.add({ atMicros: answeredMicros, firstSequence });
    if (outcome.ok || settled === accepted) return;
    if (isExcused && outcome.kind !== 'unsupported') {
      const why = outcome.kind === 'refused' ? 'refused' : 'allowed';
      this.onRefused(this.nextSequence - refused, this.nextSequence - 1, why);
      return;
    }
    if (outcome.kind !== 'refused') {
      this.unansweredEvents = settled - accepted;
      this.failure = outcome;
      return;
    }
    const refusal = { status: outcome.status, reason: outcome.problem };
    this.refusals.add({ atMicros: answeredMicros, firstSequence, refusal });
    this.refusal = outcome;
    this.onRefused(this.nextSequence - refused, this.nextSequence - 1, 'refused');
    if (this.refusals.refusesAll) this.failure = outcome;
    if (refused > 1 && isAboutTheRequest(outcome.status)) this.size.refused(refused);
  }
}

interface SettledCounts {
  readonly accepted: number;
  readonly refused: number;
  readonly settled: number;
  readonly answeredMicros: number;
  readonly isExcused: boolean;
}

/** No connection, or no answer, while the hub is under a fault. */
function isToleratedAt({ kind }: PublishFailure, isExcused: boolean): boolean {
  return isExcused && (kind === 'unreachable' || kind === 'timeout');
}

function refusedOf({ refused }: PublishFailure, rest: number): number {
  return Math.min(Math.max(1, refused ?? rest), rest);
}

/** A refusal for what the request holds, not for how much the hub has to do. */
function isAboutTheRequest(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 429;
}
