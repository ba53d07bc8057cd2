// Tables of the reports on a terminal.
import { describe, expect, it } from 'vitest';
import { buildShownResult } from '../../testing/builders/shown-result-builder.ts';
import { cohortRows, evictionRows } from '../loadtest/facts.ts';
import { renderTable } from './terminal-table.ts';

describe('a table on a terminal', () => {
  it('has numbers to the right and words to the left, and nothing behind the last word', () => {
    const head = ['name', 'count', 'why'];
    const rows = [
      ['fast', '1,200', 'it reads'],
      ['lag', '-', ''],
    ];
    expect(renderTable({ head, rows })).toBe('name  count  why\nfast  1,200  it reads\nlag       -');
  });

  it('is nothing without rows', () => {
    expect(renderTable({ head: ['x'], rows: [] })).toBe('');
  });

  it('fits 80 columns with the cohorts and evictions of a large run', () => {
    const built = buildShownResult();
    const cohorts = built.cohorts.map((one) => ({
      ...one,
      name: 'never-pong',
      connected: 2_000,
      received: 31e6,
    }));
    const evictions = built.evictions.map((one, at) => ({
      ...one,
      cohort: 'never-pong',
      how: 'ECONNRESET' as const,
      messages: 1_000 + at,
      endedAtMillis: (one.stalledAtMillis ?? 0) + 20_300 + at * 100,
    }));
    for (const rows of [cohortRows({ ...built, cohorts }), evictionRows({ ...built, evictions })])
      for (const line of renderTable(rows).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});
