// Rows of a bench as a table for people.
import Table from 'cli-table3';
import { type BenchRow, isFarOff, isHeld } from './bench.ts';

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
      renderNumber(row.ours),
      renderNumber(row.theirs),
      `${row.ratio.toFixed(2)} x`,
      `${row.lowRatio.toFixed(2)} to ${row.highRatio.toFixed(2)}`,
      row.bar ? `${row.bar.sense === 'at-least' ? '>=' : '<='} ${row.bar.ratio} x` : '',
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

function renderNumber(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return value >= 1_000 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
}
