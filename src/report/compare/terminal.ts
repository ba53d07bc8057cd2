// A comparison on a terminal: the verdict, the metrics, and what was compared.
import type { CompareResult } from '../../load/compare/compare-result.ts';
import { renderTable } from '../format/terminal-table.ts';
import { comparedLines, comparedRows, comparedVerdictLine } from './facts.ts';

export function renderCompareTerminal(result: CompareResult): string {
  return [
    comparedVerdictLine(result),
    renderTable(comparedRows(result)),
    comparedLines(result).join('\n'),
  ].join('\n\n');
}
