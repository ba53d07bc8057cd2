// The series per second of a run over all its worker processes: they hand in seconds as these end, and a second of which
// nothing more can come becomes a few numbers. Of these a bounded number is kept, however long the run is.
import type { DeliverySecond } from './delivery-recorder.ts';
import { createLatencyHistogram, type EncodedHistogram } from './latency-histogram.ts';
import { type SeriesPoint, ThinnedSeries } from './thinned-series.ts';

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
  /** While the run goes on: the latest seconds may lack what some workers have not handed in. */
  soFar(): DeliverySeries;
  /** At the end of the run: nothing is added after it. */
  finish(): DeliverySeries;
}

/** A worker that has not reported for ten seconds is given up; what comes later than this is in the totals only. */
const SETTLED_AFTER_SECONDS = 30;

type Parts = Map<string, DeliverySecond[]>;

/** Each second of more than a day; what is compared second by second is taken from these. */
const MAX_SECONDS = 2 ** 17;
/** Of each cohort, for charts. */
const MAX_COHORT_POINTS = 2 ** 11;

interface GrowingSeries {
  readonly all: ThinnedSeries;
  readonly fast: ThinnedSeries;
  readonly byCohort: Map<string, ThinnedSeries>;
}

export function createDeliverySeriesRecorder(fastCohorts: ReadonlySet<string>): DeliverySeriesRecorder {
  const waiting = new Map<number, Parts>();
  const settled: GrowingSeries = {
    all: new ThinnedSeries(MAX_SECONDS),
    fast: new ThinnedSeries(MAX_SECONDS),
    byCohort: new Map(),
  };
  let latest = Number.NEGATIVE_INFINITY;
  let settledUntil = Number.NEGATIVE_INFINITY;

  function waitingBefore(end: number): [second: number, parts: Parts][] {
    return [...waiting].filter(([second]) => second < end).sort(([one], [other]) => one - other);
  }

  function settleUntil(end: number): void {
    if (end <= settledUntil) return;
    for (const [second, parts] of waitingBefore(end)) {
      append(settled, second, parts);
      waiting.delete(second);
    }
    settledUntil = Math.max(settledUntil, end);
  }

  function append({ all, fast, byCohort }: GrowingSeries, second: number, parts: Parts): void {
    for (const [cohort, own] of parts) {
      const series = byCohort.get(cohort) ?? new ThinnedSeries(MAX_COHORT_POINTS);
      byCohort.set(cohort, series);
      series.add(pointOf(second, own));
    }
    all.add(pointOf(second, [...parts.values()].flat()));
    const unhurt = [...parts].filter(([cohort]) => fastCohorts.has(cohort)).flatMap(([, own]) => own);
    if (unhurt.length > 0) fast.add(pointOf(second, unhurt));
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
    soFar() {
      const copy: GrowingSeries = {
        all: settled.all.copy(),
        fast: settled.fast.copy(),
        byCohort: new Map([...settled.byCohort].map(([cohort, series]) => [cohort, series.copy()])),
      };
      for (const [second, parts] of waitingBefore(Number.POSITIVE_INFINITY)) append(copy, second, parts);
      return seriesOf(copy);
    },
    finish() {
      settleUntil(Number.POSITIVE_INFINITY);
      return seriesOf(settled);
    },
  };
}

interface Part {
  readonly deliveries: number;
  readonly latency: EncodedHistogram;
}

function seriesOf({ all, fast, byCohort }: GrowingSeries): DeliverySeries {
  return {
    all: all.points,
    fast: fast.points,
    byCohort: new Map([...byCohort].map(([cohort, series]) => [cohort, series.points])),
  };
}

/** For one point after the other. */
const latency = createLatencyHistogram();

function pointOf(second: number, parts: readonly Part[]): SeriesPoint {
  latency.reset();
  for (const part of parts) latency.mergeEncoded(part.latency);
  const [p50Micros = 0, p99Micros = 0] = latency.percentiles([0.5, 0.99]);
  const deliveries = parts.reduce((sum, part) => sum + part.deliveries, 0);
  return { second, deliveries, p50Micros, p99Micros };
}
