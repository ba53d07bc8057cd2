// How far apart the machines of a run began to measure, and who began too late.
import { expect, it } from 'vitest';
import type { FleetAgent } from '../../coordinator/workers/fleet.ts';
import type { WorkerResult } from '../../worker/worker-messages.ts';
import { foldStarts } from './fold-starts.ts';

const AGENTS = [
  { name: 'a', firstWorker: 0, workers: 1 },
  { name: 'b', firstWorker: 1, workers: 2 },
] as unknown as FleetAgent[];
const began = (...times: readonly (number | undefined)[]) =>
  times.map((startedAtMicros, worker) => ({ worker, startedAtMicros })) as unknown as WorkerResult[];

it('is the time between the first and the last worker to begin, and nobody is late within a second', () => {
  expect(foldStarts(began(9_999_800, 10_000_100, 10_950_000), 10_000_000, AGENTS)).toEqual({
    startSpreadMicros: 950_200,
    late: [],
  });
});

it('names who began more than a second late: its part of the measured time is missing', () => {
  const { late } = foldStarts(began(10_000_000, 10_000_000, 12_300_000), 10_000_000, AGENTS);
  expect(late).toEqual(['worker 2 of agent b began to measure 2.3 s late (limit 1 s)']);
});

it('is not known on one machine, and where fewer than two began', () => {
  expect(foldStarts(began(10_000_000, undefined), 10_000_000, AGENTS)).toEqual({ late: [] });
  expect(foldStarts(began(undefined, undefined), 10_000_000, AGENTS)).toEqual({ late: [] });
  expect(foldStarts(began(10_000_000, 20_000_000), 10_000_000, undefined)).toEqual({ late: [] });
});
