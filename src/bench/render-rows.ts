// Rows of a bench as a table for people.
import Table from 'cli-table3';
import { type BenchRow, describeBar, describeNumber, isFarOff, isHeld } from './bench.ts';

export function renderRows(rows: readonly BenchRow[]): string {
  const table = new Table({
    head: ['subject', 'baseline', 'unit', 'ours', 'theirs', 'ratio', 'quartiles', 'bar', ''],
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    table.push([
      row.subject,
      row.baseline,
      row.unit,
      describeNumber(row.ours),
      describeNumber(row.theirs),
      `${row.ratio.toFixed(2)} x`,
      `${row.lowRatio.toFixed(2)} to ${row.highRatio.toFixed(2)}`,
      row.bar ? describeBar(row.bar) : '',
      renderVerdict(row),
    ]);
  }
  return table.toString();
}

function renderVerdict(row: BenchRow): string {
  if (row.bar === undefined) return '';
  if (isHeld(row.ratio, row.bar)) return 'held';
  return isFarOff(row) ? 'FAR OFF' : 'missed';
}
