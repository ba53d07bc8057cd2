// Publishing the scenarios while the phases go on.
import { runTimeline } from '../../../scenario/timeline.ts';
import { createSchedule } from '../../plan/schedule.ts';
import { createStagedSchedule } from '../../plan/stages/rate-stages.ts';
import { judgePublishFailure } from '../publishing/judge-failure.ts';
import { ScheduleAhead } from '../rota/schedule-ahead.ts';
import { startRota } from '../rota/start-rota.ts';
import type { RunContext } from '../run-context.ts';

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
