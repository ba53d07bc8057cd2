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
  /** While the run goes on: the latest seconds may lack what some workers have not handed in. */
  soFar(): DeliverySeries;
  /** At the end of the run: nothing is added after it. */
  finish(): DeliverySeries;
}

/** A worker that has not reported for ten seconds is given up; what comes later than this is in the totals only. */
const SETTLED_AFTER_SECONDS = 30;

type Parts = Map<string, DeliverySecond[]>;

interface GrowingSeries extends DeliverySeries {
  readonly all: SeriesPoint[];
  readonly fast: SeriesPoint[];
  readonly byCohort: Map<string, SeriesPoint[]>;
}

export function createDeliverySeriesRecorder(fastCohorts: ReadonlySet<string>): DeliverySeriesRecorder {
  const waiting = new Map<number, Parts>();
  const settled: GrowingSeries = { all: [], fast: [], byCohort: new Map() };
  let latest = Number.NEGATIVE_INFINITY;
  let settledUntil = Number.NEGATIVE_INFINITY;

  function waitingBefore(end: number): [second: number, parts: Parts][] {
    return [...waiting].filter(([second]) => second < end).sort(([one], [other]) => one - other);
  }

  function settleUntil(end: number): void {
    for (const [second, parts] of waitingBefore(end)) {
      append(settled, second, parts);
      waiting.delete(second);
    }
    settledUntil = Math.max(settledUntil, end);
  }

  function append({ all, fast, byCohort }: GrowingSeries, second: number, parts: Parts): void {
    for (const [cohort, own] of parts) {
      const series = byCohort.get(cohort) ?? [];
      byCohort.set(cohort, series);
      series.push(pointOf(second, own));
    }
    all.push(pointOf(second, [...parts.values()].flat()));
    const unhurt = [...parts].filter(([cohort]) => fastCohorts.has(cohort)).flatMap(([, own]) => own);
    if (unhurt.length > 0) fast.push(pointOf(second, unhurt));
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
        all: [...settled.all],
        fast: [...settled.fast],
        byCohort: new Map([...settled.byCohort].map(([cohort, series]) => [cohort, [...series]])),
      };
      for (const [second, parts] of waitingBefore(Number.POSITIVE_INFINITY)) append(copy, second, parts);
      return copy;
    },
    finish() {
      settleUntil(Number.POSITIVE_INFINITY);
      return settled;
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
