// What is known of clients whose worker is gone: no phase waits for them, and the ledger with them balances.
import { describe, expect, it } from 'vitest';
import { createLatencyHistogram } from '../../../ledger/latency/latency-histogram.ts';
import { foldLedger, mergeBalances } from '../../../ledger/ledger-balance.ts';
import { createCohortTotals } from '../cohort-progress.ts';
import { mergeProgress } from '../merge-progress.ts';
import { shareOut } from '../stages/cohort-shares.ts';
import { accountForGone, countLostProbers, type GoneWorker, progressOfGone } from './gone-worker.ts';

const FAST = { name: 'fast', clients: 10, behaviour: { steps: [{ reading: { kind: 'fast' } }] } } as never;
const STAGED = { ...(FAST as object), stages: [{ durationMillis: 1_000, target: 16 }] } as never;

function share(cohort: never, worker: number) {
  const given = shareOut(cohort, 0, 100, 3)[worker];
  if (given === undefined) throw new Error('it has a share');
  return { share: given, fromEvent: 3 };
}

/** The second of three workers, with the clients 4, 5 and 6 of 0 to 9; even ones are at the first hub. */
const GONE: GoneWorker = {
  shares: [share(FAST, 1)],
  progress: [
    {
      ...{ name: 'fast', hub: 0, attempted: 2, connected: 2, open: 1, joined: 1, deliveries: 90 },
      ...{ lowestNextSequence: 40, evicted: 1 },
    },
    {
      ...{ name: 'fast', hub: 1, attempted: 1, connected: 1, open: 0, joined: 0, deliveries: 10 },
      ...{ lowestNextSequence: null, evicted: 0, away: 1, waiting: 1, returning: 1 },
    },
  ],
  hubs: 2,
  durationMillis: 5_000,
};

describe('the clients of a worker that is gone', () => {
  it('are waited for by nobody, and what only grows stays', () => {
    const [at0, at1] = progressOfGone(GONE);
    expect(at0).toEqual({
      ...{ name: 'fast', hub: 0, attempted: 2, connected: 2, evicted: 1, deliveries: 90 },
      ...{ open: 0, joined: 0, lowestNextSequence: null, unaccounted: 1 },
    });
    expect(at1).toMatchObject({ hub: 1, attempted: 1, open: 0, unaccounted: 1 });
    const totals = createCohortTotals(() => progressOfGone(GONE));
    for (const key of ['waiting', 'returning', 'open', 'joined'] as const)
      expect(totals.sum(['fast'], key)).toBe(0);
    expect(totals.lowestNextSequence(['fast'])).toBe(Number.POSITIVE_INFINITY);
    expect(mergeProgress(progressOfGone(GONE))[0]).toMatchObject({ unaccounted: 2, evicted: 1 });
  });

  it('have ended all their attempts to connect, also when they were never heard of', () => {
    const gone = { ...GONE, progress: [] };
    const totals = createCohortTotals(() => progressOfGone(gone));
    expect(totals.sum(['fast'], 'attempted')).toBe(3);
    // Of those that join by stages, numbers 10 to 15, each worker has every third.
    const staged = { ...gone, shares: [share(STAGED, 1)] };
    expect(createCohortTotals(() => progressOfGone(staged)).sum(['fast'], 'attempted')).toBe(5);
  });

  it('are owed what those that were connected may not have got, in a ledger that balances', () => {
    const range = { first: 0, last: 99, owedFrom: 20 };
    const parts = accountForGone(GONE, { fast: range });
    expect(
      parts.map(({ hub, clients, connected, unaccountedClients, balance }) => [
        hub,
        clients,
        connected,
        unaccountedClients,
        balance.unaccounted,
      ]),
    ).toEqual([
      [0, 2, 0, 2, 160],
      [1, 1, 0, 1, 80],
    ]);
    const sum = mergeBalances(parts.map(({ balance }) => balance));
    expect(sum).toMatchObject({ clients: 3, published: 100, expected: 240, unaccounted: 240, lost: 0 });
    expect([sum.balanced, sum.imbalances]).toEqual([true, []]);
  });

  it('keep what an account had counted, and of the rest nobody knows where it is', () => {
    const earlier = { first: 0, last: 59, owedFrom: 20 };
    const snapshot = {
      ...{ firstSequence: 5, nextSequence: 50, received: 43, missing: 2, duplicated: 1, reordered: 0 },
      ...{ corrupted: 0, unplaced: 0, foreign: 0, judgedSingly: 0, faults: [], isTorn: false, closeCode: 0 },
    };
    // One of the two clients at the first hub, while it went on.
    const balance = foldLedger([{ snapshot, outcome: 'left' }], earlier);
    const deliveries = { deliveries: 44, latency: createLatencyHistogram().encode() };
    const account = { cohorts: [{ name: 'fast', hub: 0, balance, deliveries } as never] };
    const [part] = accountForGone({ ...GONE, account }, { fast: { first: 0, last: 99, owedFrom: 20 } });
    // It took part from event 5 on, the other one from 20 on.
    expect(part?.balance).toMatchObject({
      ...{ clients: 2, published: 100, expected: 95 + 80, received: 43, duplicated: 1 },
      ...{ unaccounted: 95 + 80 - 43, lost: 0, leftTail: 0, balanced: true },
    });
    expect(part?.deliveries.deliveries).toBe(44);
  });

  it('that joined later are owed nothing of before', () => {
    const [part] = accountForGone(GONE, { fast: { first: 0, last: 9 } });
    expect(part?.balance).toMatchObject({ unaccounted: 2 * 7, beforeJoin: 2 * 3, balanced: true });
  });

  it('of which every other one probed are not waited for where their end was not seen', () => {
    // Clients 4 and 5 of two hubs are both the third of their hub.
    expect(countLostProbers(GONE, 'fast')).toBe(1);
    expect(countLostProbers({ ...GONE, progress: [] }, 'fast')).toBe(2);
    expect(countLostProbers(GONE, 'other')).toBe(0);
  });
});
