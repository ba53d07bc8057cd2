// What one live metric is, for every output alike: how it is named and explained, and how it is read from what a run
// shows. Apart from the list of them, so that outputs know the shape and not the metrics.
import type { ProgressView } from '../coordinator/run-options.ts';

export type LiveMetric = LiveNumbers | LiveHistograms;

interface Described {
  /** Prometheus' convention: counters end in `_total`, and the base unit is the last word before that. */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

interface LiveNumbers extends Described {
  readonly kind: 'counter' | 'gauge';
  readonly read: (view: ProgressView) => readonly LiveNumber[];
}

export interface LiveHistograms extends Described {
  readonly kind: 'histogram';
  /** Upper ends of the buckets, themselves inside, ascending; one more bucket has what is beyond. */
  readonly bounds: readonly number[];
  readonly read: (view: ProgressView) => readonly LiveHistogram[];
}

export interface LiveNumber {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface LiveHistogram {
  readonly labels: Readonly<Record<string, string>>;
  /** Of each bucket alone, one more than there are bounds. */
  readonly counts: readonly number[];
  readonly sum: number;
}

/** The unit that a name ends in, in UCUM as OpenTelemetry writes it; empty for a count. */
export function unitOf({ name }: LiveMetric): string {
  const word = name
    .replace(/_total$/, '')
    .split('_')
    .at(-1);
  return word === 'seconds' ? 's' : word === 'bytes' ? 'By' : '';
}
