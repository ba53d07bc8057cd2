// What every report of a comparison says, as sentences and rows of text.
import type { ComparedMetric, CompareResult } from '../../load/compare/compare-result.ts';
import { renderMicros } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';
import { groupBy } from '../format/group-by.ts';
import type { Rows } from '../format/rows.ts';
import { targetWords } from '../target-words.ts';

const VERDICTS = {
  better: 'B IS BETTER',
  same: 'SAME: no difference that counts',
  worse: 'B IS WORSE',
  inconclusive: 'INCONCLUSIVE: nothing could be judged',
} as const;

export function comparedVerdictLine({ verdict, metrics, partial }: CompareResult): string {
  const named = metrics.filter((metric) => metric.verdict === verdict).map(({ name }) => name);
  const which = verdict === 'worse' || verdict === 'better' ? `: ${named.join(', ')}` : '';
  return `${VERDICTS[verdict]}${which}${partial ? ' [partial]' : ''}`;
}

export function comparedRows({ metrics }: CompareResult): Rows {
  return {
    head: ['metric', 'A', 'B', 'B / A', 'interval', 'verdict'],
    rows: metrics.map((metric) => [
      metric.name,
      renderValue(metric, metric.a),
      renderValue(metric, metric.b),
      metric.estimate ? `${metric.estimate.ratio.toFixed(2)}x` : '-',
      metric.estimate ? `${ratioText(metric.estimate.low)} to ${ratioText(metric.estimate.high)}` : '-',
      VERDICT_WORDS[metric.verdict],
    ]),
  };
}

/** Few and uneven seconds leave an interval almost open: its exact end means nothing. */
function ratioText(ratio: number): string {
  return ratio < MOST_RATIO ? ratio.toFixed(2) : `${MOST_RATIO}+`;
}

const MOST_RATIO = 100;

const VERDICT_WORDS = {
  better: 'better',
  same: 'same',
  worse: 'WORSE',
  inconclusive: 'inconclusive',
} as const;

/** Why metrics were not judged, each reason once. */
function unjudgedLines({ metrics }: CompareResult): string[] {
  const unjudged = metrics.filter(({ verdict }) => verdict === 'inconclusive');
  return [...groupBy(unjudged, ({ reason }) => reason ?? 'no reason is known')].map(
    ([reason, group]) => `not judged: ${group.map(({ name }) => name).join(', ')}: ${reason}`,
  );
}

function renderValue({ unit }: ComparedMetric, value: number | null): string {
  if (value === null) return '-';
  if (unit === 'micros') return value < 10 ? `${value.toFixed(2)} µs` : renderMicros(value);
  return unit === 'perSecond' ? `${renderCount(value)}/s` : renderCount(value);
}

export function comparedLines(result: CompareResult): string[] {
  const { a, b, confidence, relevantShare, mode, pairs, seed, notes } = result;
  const how =
    mode === 'runs'
      ? `two runs; what differs from run to run is not in the intervals (norn-loadtest ab is), seed ${seed}`
      : `${pairs} interleaved pairs, seed ${seed}`;
  return [
    `A: ${a.label}, ${targetWords(a.target)}, ${renderCount(a.clients)} clients${describeVerdicts(a.verdicts)}`,
    `B: ${b.label}, ${targetWords(b.target)}, ${renderCount(b.clients)} clients${describeVerdicts(b.verdicts)}`,
    `${how}; intervals of ${Number((confidence * 100).toFixed(1))} %, differences from ${Number((relevantShare * 100).toFixed(1))} % count`,
    ...unjudgedLines(result),
    ...notes.map((note) => `note: ${note}`),
  ];
}

function describeVerdicts(verdicts: readonly string[]): string {
  const kinds = [...new Set(verdicts)];
  return kinds.length === 0
    ? ''
    : `, ${kinds.map((kind) => (verdicts.length === 1 ? kind : `${verdicts.filter((one) => one === kind).length} ${kind}`)).join(', ')}`;
}
