// Rows of text as a table for a terminal; apart because every report of a load test has some.
import Table from 'cli-table3';
import type { Rows } from './loadtest-facts.ts';

/** Empty for no rows. */
export function renderTable({ head, rows }: Rows): string {
  if (rows.length === 0) return '';
  const table = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push([...row]);
  return table.toString();
}
