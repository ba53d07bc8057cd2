// The end of a capacity search on a terminal: the answer, the curve, and what stood in the way.
import type { FindResult } from '../../load/find/find-result.ts';
import { renderTable } from '../format/terminal-table.ts';
import { answerLine, curveRows, reasonLines, searchLines } from './facts.ts';

export function renderFindTerminal(result: FindResult): string {
  return [
    `${answerLine(result.answer, result.vary)}${result.partial ? ' [partial]' : ''}`,
    renderTable(curveRows(result)),
    reasonLines(result).join('\n'),
    searchLines(result).join('\n'),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}
