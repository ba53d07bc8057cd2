// A comparison for a terminal and as Markdown: the verdict, the metrics, and what was compared.
import type { CompareResult } from '../../load/compare/compare-result.ts';
import { renderSummaryMarkdown, renderSummaryTerminal, type Summary } from '../format/summary.ts';
import { comparedLines, comparedRows, comparedVerdictLine } from './facts.ts';

export function renderCompareTerminal(result: CompareResult): string {
  return renderSummaryTerminal(summarize(result));
}

export function renderCompareMarkdown(result: CompareResult): string {
  return renderSummaryMarkdown(summarize(result));
}

function summarize(result: CompareResult): Summary {
  return {
    title: 'Comparison',
    headline: comparedVerdictLine(result),
    parts: [
      { kind: 'table', title: 'Metrics', rows: comparedRows(result) },
      { kind: 'list', lines: comparedLines(result) },
    ],
  };
}
