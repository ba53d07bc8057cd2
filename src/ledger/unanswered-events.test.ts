// Clients are not blamed, and the hub is not, for events whose broadcast was never answered.
import { describe, expect, it } from 'vitest';
import { buildClientSnapshot } from '../testing/builders/client-snapshot-builder.ts';
import type { ClientSnapshot } from './ledger.ts';
import { foldLedger } from './ledger-balance.ts';

const fold = (client: ClientSnapshot, unansweredLast: number) =>
  foldLedger([{ snapshot: client, outcome: 'open' }], { first: 0, last: 449, unansweredLast });

describe('a ledger with unanswered events', () => {
  it('balances, and owes none of them, whether a client received them or not', () => {
    expect(fold(buildClientSnapshot(0, 451), 450)).toMatchObject({ balanced: true, lost: 0, received: 450 });
    expect(fold(buildClientSnapshot(0, 450), 450)).toMatchObject({ balanced: true, lost: 0, received: 450 });
    expect(fold(buildClientSnapshot(0, 455, 3), 460)).toMatchObject({
      balanced: true,
      lost: 0,
      received: 450,
    });
  });

  it('still misses accepted events', () => {
    expect(fold(buildClientSnapshot(0, 440), 450)).toMatchObject({ balanced: true, lost: 10 });
  });

  it('still refuses an event that was never sent', () => {
    expect(fold(buildClientSnapshot(0, 452), 450)).toMatchObject({ balanced: false });
  });
});
