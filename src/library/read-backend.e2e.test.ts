// A load test reads the same through a ring and by Node's sockets, and says which it was.
import { expect, it } from 'vitest';
import { findRingProblem } from '../wire/ring/read-backend.ts';
import { loadHub } from './load-hub.ts';

const problem = findRingProblem();
const run = (readBackend: 'auto' | 'net' | 'ring') =>
  loadHub({
    ...{ clients: 20, workers: 1, ratePerSecond: 100, warmupMillis: 200, durationMillis: 1_500 },
    cohorts: ['stalled=2:stall(after=5)'],
    readBackend,
  });

it('has the same ledger with each way of reading', async () => {
  for (const backend of ['net', 'auto'] as const) {
    const result = await run(backend);
    expect(result).toMatchObject({ findings: [], ledger: { balanced: true, lost: 0 } });
    expect(result.cohorts.map(({ name, evicted, open }) => [name, evicted, open])).toEqual([
      ['fast', 0, 20],
      ['stalled', 2, 0],
    ]);
    const expected =
      backend === 'net'
        ? { backend: 'net' }
        : problem === undefined
          ? { backend: 'ring' }
          : { backend: 'net', reason: problem };
    expect(result.generator.workers[0]?.reading).toEqual(expected);
  }
}, 120_000);

it.skipIf(problem === undefined)('refuses a ring that there is not', async () => {
  await expect(run('ring')).rejects.toThrow(`readBackend: ${problem}`);
});
