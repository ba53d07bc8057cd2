// What is found of clients that came back, or should have.
import { describe, expect, it } from 'vitest';
import type { LedgerBalance } from '../../../ledger/ledger.ts';
import { judgeAway, judgeDeaf, judgeReplays } from './judge-returns.ts';

const fast = { name: 'fast' };
const failures = [{ cause: 'refused', reason: 'nothing listens', count: 7 }];
const backoff = { ...fast, reconnect: { kind: 'immediately' } as const };

describe('clients that came back', () => {
  it('got old events, or nothing, or were treated well', () => {
    const replayed = (count: number) => judgeReplays(fast, { balance: { replayed: count } as LedgerBalance });
    expect(replayed(0)).toEqual([]);
    expect(replayed(3)).toMatchObject([{ name: 'replayed', severity: 'error', cohort: 'fast' }]);
    expect(judgeDeaf(fast, {})).toEqual([]);
    expect(judgeDeaf(fast, { deaf: 2 })).toMatchObject([
      {
        name: 'deaf',
        severity: 'error',
        message: expect.stringContaining('2 clients connected again and got nothing'),
      },
    ]);
  });
});

describe('clients that did not come back', () => {
  it('are the fault of the hub where they tried, unless a threshold judges', () => {
    const judge = (...thresholds: { metric: 'recovered' | 'lost' }[]) =>
      judgeAway(backoff, { away: 2, failures }, thresholds);
    expect(judge({ metric: 'lost' })).toMatchObject([
      { name: 'not-returned', severity: 'error', message: expect.stringContaining('7 x nothing listens') },
    ]);
    expect(judge({ metric: 'recovered' })).toMatchObject([{ severity: 'warning' }]);
    expect(judgeAway(backoff, { failures }, [])).toEqual([]);
  });

  it('are pointed out where nobody said how', () => {
    expect(judgeAway(fast, { away: 2, failures: [] }, [])).toMatchObject([
      { severity: 'warning', message: expect.stringContaining('--reconnect') },
    ]);
  });
});
