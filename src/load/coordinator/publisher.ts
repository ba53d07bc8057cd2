// Publishes what is due, in order, one request at a time: everything that came due while a request was under way goes
// with the next one. Late sends are counted, not forgiven.

import { createPublishLog } from '../../ledger/events/publish-log.ts';
import { createLatencyHistogram } from '../../ledger/latency/latency-histogram.ts';
import { stampEvent } from '../../protocol/content-check.ts';
import type { BroadcastOutcome, Target } from '../../target/target.ts';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import type { DueEvent } from '../plan/schedule.ts';

/** Events in one request, at most. */
const MAX_BATCH_EVENTS = 512;

export type PublishFailure = Extract<BroadcastOutcome, { ok: false }>;

export class Publisher {
  /** Sequences below this were accepted by the hub. */
  acceptedEvents = 0;
  /** Sent minus due, of events due in the measured time. */
  readonly lateness = createLatencyHistogram();
  readonly log = createPublishLog();
  measuredFromMicros = Number.POSITIVE_INFINITY;
  failure: PublishFailure | undefined;
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
      await this.publish(batch);
    }
  }

  /** Sends events in one request. False when the hub did not accept them; `failure` then says why. */
  async publish(events: readonly DueEvent[]): Promise<boolean> {
    const texts = events.map(({ envelope, dueMicros }) =>
      stampEvent(envelope, { runId: this.runId, sequence: this.nextSequence++, dueMicros }),
    );
    const nowMicros = this.clock.nowMicros();
    for (const { dueMicros } of events) {
      if (dueMicros >= this.measuredFromMicros) this.lateness.record(nowMicros - dueMicros);
    }
    const outcome = await this.target.broadcast(texts);
    if (outcome.ok) {
      this.acceptedEvents = this.nextSequence;
      this.log.add(texts, this.clock.nowMicros());
    } else this.failure ??= outcome;
    return outcome.ok;
  }
}
