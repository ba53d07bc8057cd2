// Publishing the scenarios while the phases go on, and what a publisher that fails means for the run.
import { runTimeline } from '../../../scenario/timeline.ts';
import { createSchedule } from '../../plan/schedule.ts';
import { createStagedSchedule } from '../../plan/stages/rate-stages.ts';
import { describeBlockedProducer, describeUnanswered } from '../../result/findings/publishing.ts';
import { ScheduleAhead } from '../rota/schedule-ahead.ts';
import { startRota } from '../rota/start-rota.ts';
import type { RunContext } from '../run-context.ts';
import { findBlockingCohort } from './release.ts';

export interface Publishing {
  /** Stops publishing and resolves when the request under way has ended. May be called again. */
  end(): Promise<void>;
}

export function startPublishing(context: RunContext): Publishing {
  const { plan, clock, publisher, watch, control } = context;
  const stop = new AbortController();
  const timeline = runTimeline(plan.scenarios, { seed: plan.seed, speed: plan.speed });
  const startMicros = clock.nowMicros();
  const source =
    plan.rateStages === undefined
      ? createSchedule(timeline, startMicros, plan.ratePerSecond)
      : createStagedSchedule(timeline, startMicros, plan.rateStages, () => publisher.measuredFromMicros);
  const schedule = new ScheduleAhead(source);
  startRota(context, schedule);
  const done = publisher
    .run(watch.tally(schedule), AbortSignal.any([stop.signal, control.signal]), schedule)
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

/**
 * Ends the run after a failure of the publisher. A hub that does not answer in time is called blocked by a slow client only
 * when it answers as soon as such clients read on.
 */
export async function judgePublishFailure(context: RunContext): Promise<void> {
  const { publisher, control, report } = context;
  const { failure } = publisher;
  if (!failure || control.stop !== undefined) return;
  if (failure.kind !== 'timeout') {
    control.stopEarly(
      'target',
      failure.kind === 'refused'
        ? describeSetupProblem(failure.problem)
        : `the hub stopped taking broadcasts: ${failure.problem}`,
    );
    return;
  }
  const { longest, longestAlone = null } = publisher.record.result(publisher.measuredFromMicros);
  if (longest !== null) {
    const cohort = longest.slowClients > 0 ? await findBlockingCohort(context) : undefined;
    report(
      cohort === undefined
        ? describeUnanswered(longest, longestAlone)
        : describeBlockedProducer(longest, cohort, 'and the hub answered again as soon as they read on'),
    );
  }
  control.stopEarly('kit', failure.problem);
}

export function describeSetupProblem(refusal: string): string {
  return `the broadcast route refuses every event: ${refusal}`;
}
