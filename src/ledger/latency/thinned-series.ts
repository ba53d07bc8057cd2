// A series per second that stays small however long a run is: when it has too many points, neighbors are merged. A merged point
// has the sum of the deliveries, and the highest of the percentiles, so that no peak is lost.

export interface SeriesPoint {
  /** Whole seconds of the machine's monotonic clock. */
  readonly second: number;
  /** How many seconds the point stands for, from `second` on; absent for one. */
  readonly seconds?: number;
  readonly deliveries: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
}

export class ThinnedSeries {
  private readonly maxPoints: number;
  private kept: SeriesPoint[] = [];
  private step = 1;

  constructor(maxPoints: number) {
    this.maxPoints = maxPoints;
  }

  /** In order of time. */
  add(point: SeriesPoint): void {
    const last = this.kept.at(-1);
    if (last !== undefined && isOneStep(last, point, this.step))
      this.kept[this.kept.length - 1] = merged(last, point);
    else this.kept.push(point);
    while (this.kept.length > this.maxPoints) {
      this.step *= 2;
      this.kept = thinned(this.kept, this.step);
    }
  }

  /** A copy; others may be added to it. */
  copy(): ThinnedSeries {
    const copy = new ThinnedSeries(this.maxPoints);
    copy.kept = [...this.kept];
    copy.step = this.step;
    return copy;
  }

  get points(): readonly SeriesPoint[] {
    return this.kept;
  }
}

/** One point for each step of so many seconds, counted from the zero of the clock; a power of two, so that steps nest. */
export function thinned(points: readonly SeriesPoint[], step: number): SeriesPoint[] {
  const kept: SeriesPoint[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    if (last !== undefined && isOneStep(last, point, step)) kept[kept.length - 1] = merged(last, point);
    else kept.push(point);
  }
  return kept;
}

function isOneStep(a: SeriesPoint, b: SeriesPoint, step: number): boolean {
  return Math.floor(a.second / step) === Math.floor(b.second / step);
}

function merged(a: SeriesPoint, b: SeriesPoint): SeriesPoint {
  return {
    second: a.second,
    seconds: b.second + (b.seconds ?? 1) - a.second,
    deliveries: a.deliveries + b.deliveries,
    p50Micros: Math.max(a.p50Micros, b.p50Micros),
    p99Micros: Math.max(a.p99Micros, b.p99Micros),
  };
}
