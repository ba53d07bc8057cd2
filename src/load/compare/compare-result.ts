// The result of a comparison: `compare.json`. Data only; reports are functions of it.

import type { Verdict } from '../../files/verdict.ts';
import type { ReportedTarget } from '../../target/tls/reported-target.ts';
import type { ComparedVerdict, RatioEstimate, Wanted } from './statistics/ratio.ts';

export const COMPARE_SCHEMA_VERSION = 2;

export type ComparedUnit = 'micros' | 'perSecond' | 'count';

export interface ComparedMetric {
  /** Named as thresholds name them, such as `latency{cohort=fast}.p99`. */
  readonly name: string;
  readonly unit: ComparedUnit;
  readonly wanted: Wanted;
  /** Null where it was not measured. For interleaved runs the median of the segments; counts are totals. */
  readonly a: number | null;
  readonly b: number | null;
  /** B over A; null for counts and for what could not be judged. */
  readonly estimate: RatioEstimate | null;
  readonly verdict: ComparedVerdict;
  /** Why it could not be judged, one sentence. */
  readonly reason?: string;
}

export interface ComparedSide {
  /** A file, a URL or a command. */
  readonly label: string;
  readonly target: ReportedTarget;
  readonly startedAt: string;
  readonly clients: number;
  /** How the runs ended: the verdict of each load test. */
  readonly verdicts: readonly Verdict[];
}

export interface CompareResult {
  readonly schemaVersion: typeof COMPARE_SCHEMA_VERSION;
  readonly kit: { readonly name: string; readonly version: string };
  /** runs: two files; interleaved: segments of both hubs in turn. */
  readonly mode: 'runs' | 'interleaved';
  /** Of each interval, 0 to 1. */
  readonly confidence: number;
  /** The smallest difference that counts; 0.05 is 5 %. */
  readonly relevantShare: number;
  readonly seed: number;
  /** Pairs of segments; 0 for files. */
  readonly pairs: number;
  readonly partial: boolean;
  readonly stoppedBecause?: string;
  readonly a: ComparedSide;
  readonly b: ComparedSide;
  readonly verdict: ComparedVerdict;
  readonly metrics: readonly ComparedMetric[];
  /** What makes the two hard to compare, one sentence each. */
  readonly notes: readonly string[];
}

export interface CompareSettings {
  readonly confidence: number;
  readonly relevantShare: number;
  readonly seed: number;
}
