// Which machines a finding names: those that differ from the others.
import { expect, it } from 'vitest';
import type { LedgerBalance } from '../../../ledger/ledger.ts';
import type { FleetAgent } from '../../coordinator/workers/fleet.ts';
import type { WorkerResult } from '../../worker/worker-messages.ts';
import { nameAgents } from './name-agents.ts';

/** One worker each. */
function name(...counts: readonly (readonly [received: number, reordered: number])[]): string {
  const agents = counts.map((_, at) => ({ name: `a${at}`, firstWorker: at, workers: 1 }) as FleetAgent);
  const results = counts.map(([received, reordered], worker) => {
    const other = { name: 'other', balance: { received: 9, reordered: 9 } };
    return { worker, cohorts: [{ name: 'fast', balance: { received, reordered } }, other] };
  });
  const run = { agents, results: results as unknown as WorkerResult[] };
  return nameAgents(run, 'fast', ({ reordered }: LedgerBalance) => reordered);
}

it.each([
  [
    'one of several',
    [
      [10, 0],
      [10, 3],
      [10, 0],
    ],
    '; only by clients of a1, not by those of a0, a2',
  ],
  [
    'all',
    [
      [10, 2],
      [10, 3],
    ],
    '',
  ],
  [
    'none',
    [
      [10, 0],
      [10, 0],
    ],
    '',
  ],
  // Its clients received nothing that could be otherwise.
  [
    'all that received anything',
    [
      [10, 2],
      [0, 0],
    ],
    '',
  ],
  [
    'one of many',
    [[10, 1], ...Array.from({ length: 7 }, () => [10, 0])],
    '; only by clients of a0, not by those of a1, a2, a3, a4, a5 and 2 others',
  ],
] as const)('names them where they are %s', (_, counts, expected) => {
  expect(name(...(counts as readonly (readonly [number, number])[]))).toBe(expected);
});

it('names nobody on one machine', () => {
  expect(nameAgents({ results: [] }, 'fast', () => 1)).toBe('');
});
