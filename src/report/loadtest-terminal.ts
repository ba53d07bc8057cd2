// The end of a load test on a terminal: verdict, thresholds first, then findings, tables and figures.
import type { LoadtestResult } from '../load/result.ts';
import {
  anatomyLines,
  cohortRows,
  evictionRows,
  figureLines,
  findingLines,
  httpRows,
  thresholdRows,
  verdictLine,
} from './loadtest-facts.ts';
import { renderTable } from './terminal-table.ts';

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
