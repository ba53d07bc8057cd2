// Publishing the scenarios while the phases go on, and what a publisher that fails means for the run.
import { runTimeline } from '../../../scenario/timeline.ts';
import { createSchedule } from '../../plan/schedule.ts';
import { describeBlockedProducer, describeUnanswered } from '../../result/findings/publishing.ts';
import type { RunContext } from '../run-context.ts';

export interface Publishing {
  /** Stops publishing and resolves when the request under way has ended. May be called again. */
  end(): Promise<void>;
}

export function startPublishing(context: RunContext): Publishing {
  const { plan, clock, publisher, watch, control } = context;
  const stop = new AbortController();
  const timeline = runTimeline(plan.scenarios, { seed: plan.seed, speed: plan.speed });
  const schedule = createSchedule(timeline, clock.nowMicros(), plan.ratePerSecond);
  const done = publisher
    .run(watch.tally(schedule), AbortSignal.any([stop.signal, control.signal]))
    .then(() => judgePublishFailure(context));
  // What is thrown there is a bug; it ends the run and is thrown again where the publishing is awaited.
  done.catch(() => control.stopEarly('kit', 'publishing failed'));
  return {
    end() {
      stop.abort();
      return done;
    },
  };
}

/** A hub that takes no broadcast in time is blocked where slow clients are connected; any other failure is its end. */
export function judgePublishFailure({ publisher, control, report }: RunContext): void {
  const { failure } = publisher;
  if (!failure || control.stop !== undefined) return;
  if (failure.kind === 'timeout') {
    const { longest } = publisher.record.result();
    const waitedMicros = longest?.latencyMicros ?? 0;
    const slowClients = longest?.slowClients ?? 0;
    const sequence = publisher.acceptedEvents;
    report(
      slowClients > 0
        ? describeBlockedProducer(sequence, waitedMicros, slowClients)
        : describeUnanswered(sequence, waitedMicros),
    );
    control.stopEarly('kit', failure.problem);
  } else control.stopEarly('target', `the hub stopped taking broadcasts: ${failure.problem}`);
}
