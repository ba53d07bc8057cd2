// The outcome of a threshold in time: its worst window, and when that was.
import { renderDurationMillis } from '../../../../units/duration.ts';
import type { Threshold } from '../../../plan/thresholds/parse-threshold.ts';
import type { ThresholdOutcome } from '../../result.ts';
import type { ThresholdWindows } from '../threshold-windows.ts';
import type { MeasuredRun } from './timed-judges.ts';
import type { JudgedWindow, WindowsOutcome } from './window-judge.ts';

/** Microseconds of the machine's clock. */
export interface RunTimes {
  readonly startedAtMicros: number;
  readonly measured: Pick<MeasuredRun, 'fromMicros' | 'untilMicros'>;
}

export interface RenderedWindows extends RunTimes {
  readonly outcome: WindowsOutcome;
}

export function isInTime({ phase, windowMillis }: Threshold): boolean {
  return phase !== undefined || windowMillis !== undefined;
}

export function judgeInTime(
  threshold: Threshold,
  windows: RenderedWindows | undefined,
  render: (value: number) => string,
): ThresholdOutcome {
  const { expr } = threshold;
  const { judged = 0, breached = 0, excused = 0, worst } = windows?.outcome ?? {};
  const counts = { judged, breached, ...(excused > 0 && { excused }) };
  if (windows === undefined || worst === undefined)
    return {
      expr,
      observed: null,
      rendered:
        threshold.windowMillis === undefined ? 'too few deliveries' : 'too few deliveries in every window',
      ok: false,
      isDecided: false,
      windows: counts,
    };
  const shown = shownWindow(worst, windows);
  return {
    expr,
    observed: worst.value,
    rendered: `${render(worst.value)}${describeWindow(threshold, shown, counts)}`,
    ok: breached === 0,
    isDecided: true,
    windows: { ...counts, worst: shown },
  };
}

/**
 * Milliseconds since the start of the run. Seconds are those of the clock, so that the first one begins before the measured time
 * and the last one ends after it; only events of the measured time are in them. What arrives later still is shown when it was.
 */
export function shownWindow(
  { fromSecond, untilSecond }: Pick<JudgedWindow, 'fromSecond' | 'untilSecond'>,
  { startedAtMicros, measured }: RunTimes,
): { readonly fromMillis: number; readonly untilMillis: number } {
  const sinceStartMillis = (micros: number) => Math.max(0, Math.round((micros - startedAtMicros) / 1e3));
  const fromMicros = Math.max(fromSecond * 1e6, measured.fromMicros);
  const isLater = fromMicros >= measured.untilMicros;
  const untilMicros = isLater ? untilSecond * 1e6 : Math.min(untilSecond * 1e6, measured.untilMicros);
  return { fromMillis: sinceStartMillis(fromMicros), untilMillis: sinceStartMillis(untilMicros) };
}

export function describeShown({ fromMillis, untilMillis }: ReturnType<typeof shownWindow>): string {
  return `in the ${renderDurationMillis(untilMillis - fromMillis)} from ${renderDurationMillis(fromMillis)}`;
}

function describeWindow(
  { windowMillis }: Threshold,
  shown: ReturnType<typeof shownWindow>,
  { judged, breached, excused = 0 }: Omit<ThresholdWindows, 'worst'>,
): string {
  if (windowMillis === undefined) return '';
  const when = describeShown(shown);
  const others = excused > 0 ? `; ${excused} not judged, as the generator was held up` : '';
  return breached > 0 ? ` ${when}; ${breached} of ${judged} windows${others}` : ` at worst, ${when}${others}`;
}
