// What became of the requests of a run, and so of its events: which ones the hub accepted, which nobody is owed, how late each was
// sent, and whether anything may follow. Apart from the publisher, which sends them.
import { createLatencyHistogram } from '../../../ledger/latency/latency-histogram.ts';
import { createPublishLog } from '../../../ledger/published/publish-log.ts';
import type { UnowedKind } from '../../../ledger/refused-events.ts';
import type { BroadcastOutcome } from '../../../target/target.ts';
import { type FaultTolerance, NO_FAULTS } from '../../faults/fault-tolerance.ts';
import type { DueEvent } from '../../plan/schedule.ts';
import { PublishedSeconds } from '../thresholds/published-seconds.ts';
import { PaceWatch } from './pace-counts.ts';
import { createPublishRecord } from './publish-record.ts';
import { createRefusalStreaks } from './refusal-streak.ts';
import { createRequestSize } from './request-size.ts';

type PublishFailure = Extract<BroadcastOutcome, { ok: false }>;

/** Events in their order, from the first that is not settled on. */
export interface AnsweredRequest {
  readonly events: readonly DueEvent[];
  /** As they were sent. */
  readonly texts: readonly string[];
  readonly sentMicros: number;
  readonly answeredMicros: number;
  readonly outcome: BroadcastOutcome;
  /** Clients connected meanwhile that a hub need not keep. */
  readonly slowClients: number;
}

export class RequestAccount {
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
  /**
   * Called with the numbers of events that nobody is owed, both inclusive, before anything else is published: refused ones, or
   * those of a request that a fault kept from being answered.
   */
  onRefused: (from: number, to: number, why: UnowedKind) => void = () => {};
  /** What a hub does not take while it is under a fault, nobody is owed, and the events after it follow. */
  faults: FaultTolerance = NO_FAULTS;
  protected readonly size = createRequestSize();
  protected nextSequence = 0;
  /** A fault kept events from being sent in time; until the next one that is in time. */
  protected isCatchingUp = false;

  /** Of the events below this number it is known whether the hub accepted them. */
  get settledSequences(): number {
    return this.nextSequence - this.unansweredEvents;
  }

  /** How many of the events are settled; those after them were not sent. */
  book({ events, texts, sentMicros, answeredMicros, outcome, slowClients }: AnsweredRequest): number {
    const isExcused = this.faults.isExcused(sentMicros, answeredMicros);
    this.isCatchingUp ||= isExcused;
    if (!isExcused) this.size.answered(texts.length, answeredMicros - sentMicros);
    const { accepted, refused, settled, isRefused } = settle(outcome, texts.length, isExcused);
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
    this.conclude(outcome, { accepted, refused, settled, answeredMicros, isExcused });
    return settled;
  }

  /** Events of a machine that is gone: they take their numbers, and nobody is owed them. `isUnknown`: it may have sent them. */
  bookUnowed(events: readonly DueEvent[], isUnknown: boolean): void {
    this.isCatchingUp = true;
    if (isUnknown) this.record.addUnanswered(events.length);
    for (const { dueMicros } of events) this.pace.addEvent(dueMicros, Number.POSITIVE_INFINITY, false, true);
    this.nextSequence += events.length;
    this.onRefused(this.nextSequence - events.length, this.nextSequence - 1, 'allowed');
  }

  private isMeasured({ dueMicros, isWarmUp }: DueEvent): boolean {
    return isWarmUp !== true && dueMicros >= this.measuredFromMicros && dueMicros < this.pace.untilMicros;
  }

  private conclude(outcome: BroadcastOutcome, counts: SettledCounts): void {
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

interface SettledCounts extends Omit<Settled, 'isRefused'> {
  readonly answeredMicros: number;
  readonly isExcused: boolean;
}

/** How many of the events of a request need not be sent again. */
export function settle(outcome: BroadcastOutcome, events: number, isExcused = false): Settled {
  const accepted = outcome.ok ? events : Math.min(outcome.accepted ?? 0, events);
  const isRefused = !outcome.ok && (outcome.kind === 'refused' || isToleratedAt(outcome, isExcused));
  const refused = isRefused ? refusedOf(outcome, events - accepted) : 0;
  return { accepted, refused, settled: isRefused ? accepted + refused : events, isRefused };
}

interface Settled {
  readonly accepted: number;
  readonly refused: number;
  readonly settled: number;
  readonly isRefused: boolean;
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
