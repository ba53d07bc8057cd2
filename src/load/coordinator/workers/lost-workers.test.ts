// A pool whose workers are on other machines, when one of these is lost. The workers are played by the test.
import { afterEach, expect, it } from 'vitest';
import type { LoadPlan } from '../../plan/plan.ts';
import type { FromWorker, WorkerResult } from '../../worker/worker-messages.ts';
import { startWorkerPool, type WorkerPool } from '../worker-pool.ts';
import type { WorkerEvents } from './worker-link.ts';

const COHORT = { name: 'fast', clients: 4, behaviour: { steps: [{ reading: { kind: 'fast' } }] } } as never;
const PLAN = {
  ...{ workers: 2, durationMillis: 1_000, scenarios: [], cohorts: [], localAddresses: [], faults: [] },
} as unknown as LoadPlan;
const RANGES = { fast: { first: 0, last: 9 } };
let pool: WorkerPool | undefined;
afterEach(() => pool?.close());

const progressOf = (open: number, lowestNextSequence: number): FromWorker => ({
  ...{ kind: 'progress', lateMicros: 0, seconds: [], stalled: [], frameSizes: [] },
  returns: { returns: [], drops: [], attempts: [] },
  cohorts: [
    {
      ...{ name: 'fast', hub: 0, attempted: open, connected: open, open, joined: open },
      ...{ lowestNextSequence, deliveries: 5, evicted: 0 },
    },
  ],
});
const RESULT = { cohorts: [], seconds: [], frameSizes: [], events: [], arrivals: [] };

const EARLIER = RESULT as unknown as WorkerResult;

async function setUp(goesOnWithoutLost: boolean) {
  const workers: WorkerEvents[] = [];
  let death: string | undefined;
  pool = await startWorkerPool({
    ...{ plan: PLAN, goesOnWithoutLost, takersOfSeconds: [] },
    start: { hubs: [{ url: 'ws://hub.example/ws' }] } as never,
    onFrameSizes: () => {},
    onReturns: () => {},
    fleet: {
      agents: () => [],
      startWorker(index, events) {
        workers[index] = events;
        queueMicrotask(() => events.onMessage({ kind: 'ready' }));
        return {
          post(message) {
            if (message.kind !== 'finish') return;
            const result = { ...RESULT, returns: { returns: [], drops: [], attempts: [] } } as unknown;
            events.onMessage({ kind: 'result', result: result as WorkerResult });
          },
          kill: () => {},
        };
      },
    },
  });
  void pool.died.then((sentence) => {
    death = sentence;
  });
  pool.join(COHORT, 0, 100, 0);
  workers[0]?.onMessage(progressOf(2, 8));
  workers[1]?.onMessage(progressOf(2, 3));
  async function deathSoFar(): Promise<string | undefined> {
    await Promise.resolve();
    return death;
  }
  return { pool, workers, death: deathSoFar };
}

it('goes on without them where that is wanted, waits for none of them, and accounts for them apart', async () => {
  const { pool, workers, death } = await setUp(true);
  workers[1]?.onMessage({ kind: 'account', account: { cut: 4, busyMicros: 1, result: EARLIER } });
  workers[1]?.onEnd('agent b is lost', true);
  expect(await death()).toBeUndefined();
  expect(pool.isCurrent()).toBe(true);
  expect(pool.progress()).toMatchObject([
    { attempted: 4, open: 2, lowestNextSequence: 8, deliveries: 10, unaccounted: 2 },
  ]);
  const answered = pool.announceFault({} as never);
  workers[0]?.onMessage({ kind: 'confirmed', id: 0 });
  await answered;
  const accounts = pool.account(RANGES, 10);
  workers[0]?.onMessage({ kind: 'account', account: { cut: 10, busyMicros: 1, result: RESULT as never } });
  expect((await accounts)?.unaccounted).toMatchObject([{ worker: 1 }]);
  // What had been counted of a lost one while the run went on is kept.
  expect((await accounts)?.unaccounted?.[0]?.known).toBe(EARLIER);
  // It may come back, and has no part any more.
  workers[1]?.onMessage(progressOf(2, 3));
  expect(pool.progress()).toMatchObject([{ open: 2, lowestNextSequence: 8 }]);
  const { results, unaccounted } = await pool.finish(RANGES);
  expect(results.map(({ worker }) => worker)).toEqual([0]);
  expect(unaccounted).toMatchObject([
    { worker: 1, cohorts: [{ clients: 2, unaccountedClients: 2, balance: { unaccounted: 20 } }] },
  ]);
});

it('ends the run where that is wanted, when none is left, and when a worker ends on a machine that is there', async () => {
  const ending = await setUp(false);
  ending.workers[1]?.onEnd('agent b is lost', true);
  expect(await ending.death()).toBe('agent b is lost');
  const going = await setUp(true);
  going.workers[0]?.onEnd('agent a is lost', true);
  going.workers[1]?.onEnd('agent b is lost', true);
  expect(await going.death()).toBe('agent b is lost');
  const broken = await setUp(true);
  broken.workers[1]?.onEnd('agent b: worker process 1 ended by itself');
  expect(await broken.death()).toBe('agent b: worker process 1 ended by itself');
});
