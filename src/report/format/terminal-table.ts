// Rows of text as a table for a terminal, without lines: numbers to the right, words to the left, and closer together
// where it would be wider than a terminal usually is.
import Table from 'cli-table3';
import type { Rows } from './rows.ts';

const USUAL_COLUMNS = 80;
const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid']
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .map((name) => [name, '']),
);

/** Empty for no rows. */
export function renderTable({ head, rows }: Rows): string {
  if (rows.length === 0) return '';
  const columns = head.map((name, at) => [name, ...rows.map((row) => row[at] ?? '')]);
  const widths = columns.map((cells) => Math.max(...cells.map((cell) => cell.length)));
  const roomy = widths.reduce((sum, width) => sum + width + 2, -2);
  const table = new Table({
    chars: { ...NO_LINES, middle: roomy > USUAL_COLUMNS ? ' ' : '  ' },
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    colAligns: columns.map(([, ...cells]) => (cells.every(isNumeric) ? 'right' : 'left')),
  });
  table.push([...head], ...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Also what stands for a number that there is none of. */
function isNumeric(cell: string): boolean {
  return /^(?:-|\d.*)?$/.test(cell);
}
