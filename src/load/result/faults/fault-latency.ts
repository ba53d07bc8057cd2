// What a fault did to the latency of clients that read at once: p99 before it, at its worst, and after it, and how long it
// took to settle. Of whole seconds, as medians, so that one noisy second decides nothing.
import type { SeriesPoint } from '../../../ledger/latency/thinned-series.ts';
import type { FaultWindow } from '../../faults/fault-window.ts';
import type { FaultResult } from './fault-result.ts';

/** Back to what it was: within this factor. */
const SETTLED_FACTOR = 1.5;
/** Fewer seconds say nothing. */
const LEAST_SECONDS = 2;
/** So many must be as before, as a whole. */
const SETTLED_SECONDS = 3;
/** Seconds before a fault, and after it, that are compared. */
const MOST_SECONDS = 30;

type Windows = readonly Pick<FaultWindow, 'fromMicros' | 'untilMicros'>[];

/** Microseconds of the machine's clock. */
interface FaultLatencyInput {
  /** Of clients that read at once, in order of time. */
  readonly points: readonly SeriesPoint[];
  /** In the order of their beginnings. */
  readonly faults?: Windows | undefined;
  /** The measured time. */
  readonly fromMicros: number;
  readonly untilMicros: number;
}

/** `results` are of the first of the faults. */
export function withLatencies(
  results: readonly FaultResult[] | undefined,
  { faults = [], ...input }: FaultLatencyInput,
): FaultResult[] | undefined {
  if (results === undefined) return undefined;
  const latencies = foldLatencies({ ...input, faults: faults.slice(0, results.length) });
  return results.map((result, at) => ({ ...result, ...latencies[at] }));
}

type FaultLatency = Required<Pick<FaultResult, 'p99Micros' | 'settledMillis'>>;

function foldLatencies(input: FaultLatencyInput & { readonly faults: Windows }): FaultLatency[] {
  // Nothing was measured in a second in which only events from before the measured time arrived.
  const points = input.points.filter(({ p99Micros }) => p99Micros > 0);
  let calmFromMicros = input.fromMicros;
  let before: number | null = null;
  return input.faults.map(({ fromMicros, untilMicros }, at) => {
    const overMicros = Math.min(untilMicros ?? input.untilMicros, input.untilMicros);
    const next = input.faults.slice(at + 1).find((other) => other.fromMicros >= overMicros);
    const endMicros = Math.min(next?.fromMicros ?? input.untilMicros, input.untilMicros);
    // Where a fault follows another at once: as before that one.
    before = medianP99(wholeSeconds(points, calmFromMicros, fromMicros).slice(-MOST_SECONDS)) ?? before;
    const settledMicros = findSettled(wholeSeconds(points, fromMicros, endMicros), before);
    const calmMicros = Math.max(overMicros, settledMicros ?? overMicros);
    const troubledUntilMicros = before !== null && settledMicros === undefined ? endMicros : calmMicros;
    calmFromMicros = settledMicros === undefined ? Number.POSITIVE_INFINITY : calmMicros;
    return {
      p99Micros: {
        before,
        during: highestP99(points, fromMicros, troubledUntilMicros),
        after: medianP99(wholeSeconds(points, calmMicros, endMicros).slice(0, MOST_SECONDS)),
      },
      settledMillis: settledMicros === undefined ? null : Math.round((settledMicros - fromMicros) / 1e3),
    };
  });
}

function wholeSeconds(points: readonly SeriesPoint[], fromMicros: number, untilMicros: number) {
  return points.filter(({ second }) => second * 1e6 >= fromMicros && (second + 1) * 1e6 <= untilMicros);
}

/** The beginning of the first second that was as before, and so were the next ones as a whole. */
function findSettled(points: readonly SeriesPoint[], before: number | null): number | undefined {
  if (before === null) return undefined;
  const isCalm = (micros: number | null) => micros !== null && micros <= SETTLED_FACTOR * before;
  const first = points.find(
    ({ p99Micros }, at) => isCalm(p99Micros) && isCalm(medianP99(points.slice(at, at + SETTLED_SECONDS))),
  );
  return first && first.second * 1e6;
}

/** The second in which it begins is part of it, however short it is. */
function highestP99(points: readonly SeriesPoint[], fromMicros: number, untilMicros: number): number | null {
  const within = points.filter(
    ({ second }) => (second + 1) * 1e6 > fromMicros && second * 1e6 <= Math.max(fromMicros, untilMicros - 1),
  );
  return within.length === 0 ? null : Math.max(...within.map(({ p99Micros }) => p99Micros));
}

function medianP99(points: readonly SeriesPoint[]): number | null {
  if (points.length < LEAST_SECONDS) return null;
  const values = points.map(({ p99Micros }) => p99Micros).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? null;
}
