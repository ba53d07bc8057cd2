// Seconds that several runs share as the axis of their charts. Long runs are thinned to what a screen can show, and those
// of many cohorts to what a small file holds: the worst of the seconds that fall together is kept, so that no spike is
// lost.

/** More along the axis than a screen has room for. */
const MAX_POINTS = 900;
/** In all series of a chart together; at some 7 characters each. */
const MAX_VALUES = 24_000;

export interface Points {
  readonly seconds: readonly number[];
  /** Null where something is known to be missing: the line has a gap there. */
  readonly values: readonly (number | null)[];
}

export interface Aligned {
  readonly x: readonly number[];
  readonly series: readonly (readonly (number | null)[])[];
}

/** Which of two values of one step of the axis is shown. */
export type Keep = 'highest' | 'last';

export function alignSeries(all: readonly Points[], keep: Keep): Aligned {
  let last = 0;
  for (const { seconds } of all) for (const second of seconds) if (second > last) last = second;
  const points = Math.min(MAX_POINTS, MAX_VALUES / Math.max(1, all.length));
  const step = Math.max(1, Math.ceil((last + 1) / points));
  const slots = new Set<number>();
  for (const { seconds } of all) for (const second of seconds) slots.add(Math.floor(second / step) * step);
  const x = [...slots].sort((a, b) => a - b);
  return { x, series: all.map((points) => placeOn(x, step, points, keep)) };
}

function placeOn(x: readonly number[], step: number, points: Points, keep: Keep): (number | null)[] {
  const bySlot = new Map<number, number>();
  for (const [at, second] of points.seconds.entries()) {
    const slot = Math.floor(second / step) * step;
    const value = points.values[at] ?? null;
    if (value === null) continue;
    const before = bySlot.get(slot);
    bySlot.set(slot, before === undefined || keep === 'last' ? value : Math.max(before, value));
  }
  return x.map((slot) => bySlot.get(slot) ?? null);
}
