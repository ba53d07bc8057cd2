// The number of worker processes follows the cores and the limit of descriptors, and says which.
import { describe, expect, it } from 'vitest';
import { countWorkers, type WorkerCountInput } from './worker-count.ts';

const usual: WorkerCountInput = { wanted: 'auto', clients: 2_000, cores: 2, descriptors: 20_000 };

describe('countWorkers', () => {
  it.each<[string, Partial<WorkerCountInput>, number, string | undefined]>([
    ['leaves the hub a core', { cores: 8 }, 7, '8 cores, one of them for the hub'],
    ['has one on two cores', {}, 1, '2 cores, one of them for the hub'],
    ['has one on a machine with one core', { cores: 1 }, 1, 'this machine has 1 core'],
    ['has no more than clients', { cores: 64, clients: 3 }, 3, 'one for each client'],
    ['fills one process to its limit', { clients: 19_900 }, 1, '2 cores, one of them for the hub'],
    ['has another above the limit', { clients: 19_901 }, 2, 'each may open 20000 descriptors'],
    ['follows the limit for 60,000 clients', { clients: 60_000 }, 4, 'each may open 20000 descriptors'],
    [
      'keeps to the cores where they are more',
      { clients: 60_000, cores: 16 },
      15,
      '16 cores, one of them for the hub',
    ],
    ['needs no limit', { clients: 60_000, descriptors: undefined }, 1, '2 cores, one of them for the hub'],
    ['takes the number that was given', { wanted: 3, clients: 60_000 }, 3, undefined],
    ['starts no more than there are clients', { wanted: 9, clients: 2 }, 2, undefined],
    [
      'does not start thousands where the limit is tiny',
      { descriptors: 101, clients: 5_000 },
      1,
      '2 cores, one of them for the hub',
    ],
  ])('%s', (_title, change, workers, reason) => {
    expect(countWorkers({ ...usual, ...change })).toEqual({ workers, reason });
  });
});
