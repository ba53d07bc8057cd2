// A capacity search for a terminal and as Markdown: the answer, the curve, and what stood in the way.
import type { FindResult } from '../../load/find/find-result.ts';
import { renderSummaryMarkdown, renderSummaryTerminal, type Summary } from '../format/summary.ts';
import { answerLine, curveRows, reasonLines, searchLines } from './facts.ts';

export function renderFindTerminal(result: FindResult): string {
  return renderSummaryTerminal(summarize(result));
}

export function renderFindMarkdown(result: FindResult): string {
  return renderSummaryMarkdown(summarize(result));
}

function summarize(result: FindResult): Summary {
  return {
    title: 'Capacity',
    headline: `${answerLine(result.answer, result.vary)}${result.partial ? ' [partial]' : ''}`,
    parts: [
      { kind: 'table', title: 'Curve', rows: curveRows(result) },
      { kind: 'list', lines: reasonLines(result) },
      { kind: 'list', title: 'Search', lines: searchLines(result) },
    ],
  };
}
