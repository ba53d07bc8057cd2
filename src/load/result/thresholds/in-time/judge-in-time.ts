// The outcome of a threshold in time: its worst window, and when that was.
import { renderDurationMillis } from '../../../../units/duration.ts';
import type { Threshold } from '../../../plan/thresholds/parse-threshold.ts';
import type { ThresholdOutcome, ThresholdWindows } from '../../result.ts';
import type { WindowsOutcome } from './window-judge.ts';

export interface RenderedWindows {
  readonly outcome: WindowsOutcome;
  /** Of the machine's clock, when the run began. */
  readonly startedAtMicros: number;
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
  const sinceStartMillis = (second: number) =>
    Math.max(0, Math.round(second * 1e3 - windows.startedAtMicros / 1e3));
  const [fromMillis, untilMillis] = [worst.fromSecond, worst.untilSecond].map(sinceStartMillis) as [
    number,
    number,
  ];
  return {
    expr,
    observed: worst.value,
    rendered: `${render(worst.value)}${describeWindow(threshold, fromMillis, counts)}`,
    ok: breached === 0,
    isDecided: true,
    windows: { ...counts, worst: { fromMillis, untilMillis } },
  };
}

function describeWindow(
  { windowMillis }: Threshold,
  fromMillis: number,
  { judged, breached, excused = 0 }: Omit<ThresholdWindows, 'worst'>,
): string {
  if (windowMillis === undefined) return '';
  const when = `in the ${renderDurationMillis(windowMillis)} from ${renderDurationMillis(fromMillis)}`;
  const others = excused > 0 ? `; ${excused} not judged, as the generator was held up` : '';
  return breached > 0 ? ` ${when}; ${breached} of ${judged} windows${others}` : ` at worst, ${when}${others}`;
}
