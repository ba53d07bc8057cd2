// The end of a load test on a terminal: verdict, thresholds first, then findings, tables and figures.
import Table from 'cli-table3';
import type { LoadtestResult } from '../load/result.ts';
import {
  cohortRows,
  evictionRows,
  figureLines,
  findingLines,
  httpRows,
  type Rows,
  thresholdRows,
  verdictLine,
} from './loadtest-facts.ts';

export function renderLoadtestTerminal(result: LoadtestResult): string {
  const sections = [
    verdictLine(result),
    renderTable(thresholdRows(result)),
    findingLines(result).join('\n'),
    renderTable(cohortRows(result)),
    renderTable(evictionRows(result)),
    renderTable(httpRows(result)),
    figureLines(result).join('\n'),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function renderTable({ head, rows }: Rows): string {
  if (rows.length === 0) return '';
  const table = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push([...row]);
  return table.toString();
}
