// The series per second of a run over all its worker processes: they hand in seconds as these end, and a second of which
// nothing more can come becomes a few numbers. So memory grows by points, not by histograms, however long the run is.
import type { DeliverySecond } from './delivery-recorder.ts';
import { type EncodedHistogram, mergeHistograms } from './latency-histogram.ts';

export interface SeriesPoint {
  /** Whole seconds of the machine's monotonic clock. */
  readonly second: number;
  readonly deliveries: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
}

/** Each in order of time; seconds without a delivery are absent. */
export interface DeliverySeries {
  readonly all: readonly SeriesPoint[];
  /** Of the cohorts that must not be hurt by slow ones. */
  readonly fast: readonly SeriesPoint[];
  readonly byCohort: ReadonlyMap<string, readonly SeriesPoint[]>;
}

export interface DeliverySeriesRecorder {
  /** Seconds of one worker's clients of a cohort. */
  add(cohort: string, seconds: readonly DeliverySecond[]): void;
  /** At the end of the run: nothing is added after it. */
  finish(): DeliverySeries;
}

/** A worker that has not reported for ten seconds is given up; what comes later than this is in the totals only. */
const SETTLED_AFTER_SECONDS = 30;

type Parts = Map<string, DeliverySecond[]>;

export function createDeliverySeriesRecorder(fastCohorts: ReadonlySet<string>): DeliverySeriesRecorder {
  const waiting = new Map<number, Parts>();
  const all: SeriesPoint[] = [];
  const fast: SeriesPoint[] = [];
  const byCohort = new Map<string, SeriesPoint[]>();
  let latest = Number.NEGATIVE_INFINITY;
  let settledUntil = Number.NEGATIVE_INFINITY;

  function settleUntil(end: number): void {
    const due = [...waiting.keys()].filter((second) => second < end).sort((one, other) => one - other);
    for (const second of due) {
      settle(second, waiting.get(second) as Parts);
      waiting.delete(second);
    }
    settledUntil = Math.max(settledUntil, end);
  }

  function settle(second: number, parts: Parts): void {
    for (const [cohort, own] of parts) seriesOf(cohort).push(pointOf(second, own));
    all.push(pointOf(second, [...parts.values()].flat()));
    const unhurt = [...parts].filter(([cohort]) => fastCohorts.has(cohort)).flatMap(([, own]) => own);
    if (unhurt.length > 0) fast.push(pointOf(second, unhurt));
  }

  function seriesOf(cohort: string): SeriesPoint[] {
    const known = byCohort.get(cohort);
    if (known) return known;
    const series: SeriesPoint[] = [];
    byCohort.set(cohort, series);
    return series;
  }

  return {
    add(cohort, seconds) {
      for (const part of seconds) {
        if (part.second < settledUntil) continue;
        const parts: Parts = waiting.get(part.second) ?? new Map();
        waiting.set(part.second, parts);
        parts.set(cohort, [...(parts.get(cohort) ?? []), part]);
        latest = Math.max(latest, part.second);
      }
      settleUntil(latest - SETTLED_AFTER_SECONDS);
    },
    finish() {
      settleUntil(Number.POSITIVE_INFINITY);
      return { all, fast, byCohort };
    },
  };
}

interface Part {
  readonly deliveries: number;
  readonly latency: EncodedHistogram;
}

function pointOf(second: number, parts: readonly Part[]): SeriesPoint {
  const latency = mergeHistograms(parts.map((part) => part.latency));
  return {
    second,
    deliveries: parts.reduce((sum, part) => sum + part.deliveries, 0),
    p50Micros: latency.percentile(0.5),
    p99Micros: latency.percentile(0.99),
  };
}
