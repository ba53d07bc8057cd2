// Thresholds in time while a run goes on: hands what is measured second by second to their judges, and ends a run that can no
// longer pass, where that is wanted. Counts that only grow, such as evictions, end it too.
import type { DeliverySecond } from '../../../ledger/latency/delivery-recorder.ts';
import type { Clock, Timer } from '../../../time/clock.ts';
import { renderMicros } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';
import type { LoadPlan } from '../../plan/plan.ts';
import type { Threshold } from '../../plan/thresholds/parse-threshold.ts';
import {
  describeShown,
  isInTime,
  type RenderedWindows,
  type RunTimes,
  shownWindow,
} from '../../result/thresholds/in-time/judge-in-time.ts';
import { type MeasuredRun, TimedJudges } from '../../result/thresholds/in-time/timed-judges.ts';
import type { WindowsOutcome } from '../../result/thresholds/in-time/window-judge.ts';
import { canOnlyGrow, isExceeded } from '../../result/thresholds/in-time/worse.ts';
import type { CohortProgress } from '../../worker/worker-messages.ts';
import type { Publisher } from '../publisher.ts';
import type { RunControl } from '../run-control.ts';
import type { LoadRunOptions } from '../run-options.ts';

/** A process that is held up for longer makes latencies its own, as in result/findings/generator.ts. */
const LEAST_HELD_UP_MICROS = 250_000;
const BEAT_MILLIS = 100;
/** Workers hand a second in as soon as it has ended; one that reports late may be waited for. */
const [SETTLE_SECONDS, LONGEST_SETTLE_SECONDS] = [3, 30];

export interface ThresholdWatchParts {
  readonly plan: Pick<LoadPlan, 'thresholds' | 'durationMillis'>;
  readonly clock: Clock;
  readonly control: Pick<RunControl, 'phases' | 'stop' | 'stopEarly'>;
  readonly startedAtMicros: number;
  /** Infinite before the measured time. */
  readonly measuredFromMicros: () => number;
  /** Of the measured time; undefined: a run goes on to its end. */
  readonly abortAfterMillis: number | undefined;
  /** What the publisher has counted since the last call. */
  readonly takePublished: (isLast: boolean) => {
    readonly sent: readonly DeliverySecond[];
    readonly accepted: readonly DeliverySecond[];
  };
}

export function watchThresholds(
  { plan, clock, abortAfterMillis }: LoadRunOptions,
  control: RunControl,
  publisher: Publisher,
  startedAtMicros: number,
): ThresholdWatch {
  return createThresholdWatch({
    ...{ plan, clock, control, startedAtMicros, abortAfterMillis },
    measuredFromMicros: () => publisher.measuredFromMicros,
    takePublished: (isLast) => publisher.seconds.take(clock.nowMicros(), isLast),
  });
}

/** The clients; undefined before there are any. */
interface WatchedPool {
  isCurrent(): boolean;
  progress(): readonly CohortProgress[];
}

export interface ThresholdWatch {
  add(cohort: string, seconds: readonly DeliverySecond[]): void;
  /** A process of the generator was held up for so long, until now. */
  excuse(heldUpMicros: number): void;
  look(pool: WatchedPool | undefined): void;
  /** After the last second was added. */
  finish(): void;
  /** May be called again. */
  close(): void;
  /** As far as it is settled. */
  outcomeOf(threshold: Threshold): RenderedWindows | undefined;
}

export function createThresholdWatch(parts: ThresholdWatchParts): ThresholdWatch {
  const { plan, clock, control, startedAtMicros, measuredFromMicros, abortAfterMillis } = parts;
  const run = (): MeasuredRun => {
    const fromMicros = measuredFromMicros();
    const plannedEndMicros = fromMicros + plan.durationMillis * 1e3;
    const untilMicros =
      control.stop === undefined ? plannedEndMicros : Math.min(plannedEndMicros, clock.nowMicros());
    return { phases: control.phases, fromMicros, untilMicros };
  };
  const times = (): RunTimes => ({ startedAtMicros, measured: run() });
  const isWanted = (threshold: Threshold) =>
    isInTime(threshold) || (abortAfterMillis !== undefined && isTime(threshold) && canOnlyGrow(threshold));
  const judges = new TimedJudges(plan.thresholds.filter(isWanted), run);

  function excuse(heldUpMicros: number): void {
    const nowMicros = clock.nowMicros();
    if (heldUpMicros >= LEAST_HELD_UP_MICROS) judges.excuse(nowMicros - heldUpMicros, nowMicros);
  }

  /** The coordinator itself, which publishes. */
  function beat(): void {
    const dueMicros = clock.nowMicros() + BEAT_MILLIS * 1e3;
    heart = clock.after(BEAT_MILLIS, () => {
      excuse(clock.nowMicros() - dueMicros);
      beat();
    });
  }
  let heart: Timer | undefined;
  if (judges.areWanted) beat();

  function take(isLast: boolean): void {
    const { sent, accepted } = parts.takePublished(isLast);
    judges.add('sent', sent);
    judges.add('accepted', accepted);
  }

  function endHopeless(pool: WatchedPool | undefined): void {
    if (abortAfterMillis === undefined || control.stop !== undefined) return;
    if (clock.nowMicros() < measuredFromMicros() + abortAfterMillis * 1e3) return;
    const found = judges.hopeless();
    if (found !== undefined) {
      const { threshold, outcome } = found;
      control.stopEarly('threshold', describeBreach(threshold, outcome, times()), threshold.expr);
      return;
    }
    for (const threshold of plan.thresholds) {
      const count = countOf(threshold, pool?.progress() ?? []);
      if (count === undefined || !isExceeded(threshold, count)) continue;
      control.stopEarly(
        'threshold',
        `${sentence(threshold)}: there are ${renderCount(count)}`,
        threshold.expr,
      );
      return;
    }
  }

  return {
    add: (cohort, seconds) => judges.add(`cohort ${cohort}`, seconds),
    excuse,
    close: () => heart?.cancel(),
    look(pool) {
      take(false);
      const seconds = pool?.isCurrent() === false ? LONGEST_SETTLE_SECONDS : SETTLE_SECONDS;
      judges.settle(Math.floor(clock.nowMicros() / 1e6) - seconds);
      endHopeless(pool);
    },
    finish() {
      take(true);
      judges.settle(Math.floor(clock.nowMicros() / 1e6) + 1);
    },
    outcomeOf(threshold) {
      const outcome = judges.outcomes().get(threshold);
      return outcome === undefined ? undefined : { outcome, ...times() };
    },
  };
}

function isTime({ metric, labelKey }: Threshold): boolean {
  return (metric === 'latency' || metric === 'lateness') && labelKey !== 'target';
}

/** Of a threshold on a count that never falls; undefined for others. */
function countOf(
  { metric, field, labelKey, label, cause }: Threshold,
  progress: readonly CohortProgress[],
): number | undefined {
  if (field === 'rate' || labelKey === 'target' || cause !== undefined) return undefined;
  const cohorts = progress.filter(({ name }) => label === undefined || name === label);
  if (metric === 'evicted') return cohorts.reduce((sum, { evicted }) => sum + evicted, 0);
  if (metric !== 'failures') return undefined;
  const counts = cohorts.flatMap(({ failures = {} }) => Object.values(failures));
  return counts.reduce((sum, count) => sum + count, 0);
}

function sentence({ expr }: Threshold): string {
  return `the threshold ${expr} can no longer hold`;
}

function describeBreach(threshold: Threshold, { worst }: WindowsOutcome, times: RunTimes): string {
  if (worst === undefined) return sentence(threshold);
  const value = threshold.unit === 'micros' ? renderMicros(worst.value) : `${renderCount(worst.value)}/s`;
  return `${sentence(threshold)}: ${value} ${describeShown(shownWindow(worst, times))}`;
}
