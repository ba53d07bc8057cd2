// Publishes what is due, in order, one request at a time: everything that came due while a request was under way goes
// with the next one. Late sends are counted, not forgiven.

import { createPublishLog } from '../../ledger/events/publish-log.ts';
import { createLatencyHistogram } from '../../ledger/latency/latency-histogram.ts';
import { stampEvent } from '../../protocol/content-check.ts';
import type { BroadcastOutcome, Target } from '../../target/target.ts';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import type { DueEvent } from '../plan/schedule.ts';
import { createPublishRecord } from './publishing/publish-record.ts';

/** Events in one request, at most. */
const MAX_BATCH_EVENTS = 512;
/** HTTP 413: this event is too large, others may not be. */
const TOO_LARGE = 413;

export type PublishFailure = Extract<BroadcastOutcome, { ok: false }>;

export class Publisher {
  /** Sequences below this were accepted by the hub. */
  acceptedEvents = 0;
  /** Sent minus due, of events due in the measured time. */
  readonly lateness = createLatencyHistogram();
  readonly log = createPublishLog();
  measuredFromMicros = Number.POSITIVE_INFINITY;
  /** Why nothing more is published: the hub is gone, does not answer, or refuses everything. */
  failure: PublishFailure | undefined;
  /** The latest refusal of a single event for its size, after which publishing goes on. */
  tooLarge: PublishFailure | undefined;
  readonly record = createPublishRecord();
  countSlowClients: () => number = () => 0;
  private nextSequence = 0;
  private readonly target: Target;
  private readonly runId: string;
  private readonly clock: Clock;

  constructor(target: Target, runId: string, clock: Clock) {
    this.target = target;
    this.runId = runId;
    this.clock = clock;
  }

  /** Publishes the schedule until `signal` aborts or the hub fails; resolves then. */
  async run(schedule: Iterator<DueEvent>, signal: AbortSignal): Promise<void> {
    let next = schedule.next();
    while (!signal.aborted && !this.failure && !next.done) {
      const nowMicros = this.clock.nowMicros();
      if (next.value.dueMicros > nowMicros) {
        await pause(this.clock, Math.ceil((next.value.dueMicros - nowMicros) / 1e3), signal);
        continue;
      }
      const batch: DueEvent[] = [];
      while (!next.done && next.value.dueMicros <= nowMicros && batch.length < MAX_BATCH_EVENTS) {
        batch.push(next.value);
        next = schedule.next();
      }
      await this.publishAll(batch);
    }
  }

  /** An event that is too large for the hub is left out; those after it are still sent. */
  private async publishAll(events: readonly DueEvent[]): Promise<void> {
    let rest = events;
    while (rest.length > 0 && !this.failure) {
      const first = this.nextSequence;
      if (await this.publish(rest)) return;
      rest = rest.slice(this.acceptedEvents - first + 1);
    }
  }

  /** Events of the request that was never answered: clients may have them or not. */
  get unansweredEvents(): number {
    return this.nextSequence - this.acceptedEvents;
  }

  /** False when the hub did not accept all events; `failure` or `tooLarge` then says why. Nothing follows a failure. */
  async publish(events: readonly DueEvent[]): Promise<boolean> {
    if (this.failure) return false;
    const firstSequence = this.nextSequence;
    const texts = events.map(({ envelope, dueMicros }) =>
      stampEvent(envelope, { runId: this.runId, sequence: this.nextSequence++, dueMicros }),
    );
    const nowMicros = this.clock.nowMicros();
    for (const { dueMicros } of events) {
      if (dueMicros >= this.measuredFromMicros) this.lateness.record(nowMicros - dueMicros);
    }
    const slowClients = this.countSlowClients();
    const outcome = await this.target.broadcast(texts);
    const answeredMicros = this.clock.nowMicros();
    this.record.add({
      firstSequence,
      events: texts.length,
      outcome,
      sentAtMicros: nowMicros,
      latencyMicros: answeredMicros - nowMicros,
      slowClients,
    });
    this.settle(texts, firstSequence, outcome, answeredMicros);
    return outcome.ok;
  }

  /** Sends an event that belongs to no account, after a failure, and resolves with whether the hub took it. */
  async control(deadlineMillis: number): Promise<boolean> {
    const envelope = { type: 'deploy.progress', appId: 'norn-loadtest', payload: { sagaId: 'control' } };
    const probe = { runId: `${this.runId}x`, sequence: 0, dueMicros: this.clock.nowMicros() };
    return (await this.target.broadcast([stampEvent(envelope, probe)], { deadlineMillis })).ok;
  }

  private settle(
    texts: readonly string[],
    firstSequence: number,
    outcome: BroadcastOutcome,
    nowMicros: number,
  ): void {
    const accepted = outcome.ok ? texts.length : (outcome.accepted ?? 0);
    this.acceptedEvents = firstSequence + accepted;
    this.log.add(texts.slice(0, accepted), nowMicros);
    if (outcome.ok) return;
    if (outcome.kind === 'refused' && outcome.status === TOO_LARGE) {
      // The hub took none of the rest, so that their numbers are free for the events that follow.
      this.nextSequence = this.acceptedEvents;
      this.tooLarge = outcome;
    } else this.failure = outcome;
  }
}
