// The end of a load test on a terminal: verdict, thresholds first, then findings, tables and figures.
import type { LoadtestResult } from '../../load/result/result.ts';
import { renderTable } from '../format/terminal-table.ts';
import {
  anatomyLines,
  cohortRows,
  evictionRows,
  figureLines,
  findingLines,
  httpRows,
  thresholdRows,
  verdictLine,
} from './facts.ts';

export function renderLoadtestTerminal(result: LoadtestResult): string {
  const sections = [
    verdictLine(result),
    renderTable(thresholdRows(result)),
    findingLines(result).join('\n'),
    renderTable(cohortRows(result)),
    renderTable(evictionRows(result)),
    anatomyLines(result).join('\n'),
    renderTable(httpRows(result)),
    figureLines(result).join('\n'),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}
