// The fold over clients: what it adds up, and which false accounts it finds.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildClientSnapshot, SILENT_CLIENT } from '../testing/builders/client-snapshot-builder.ts';
import type { ClientOutcome, ClientSnapshot, LedgerEntry } from './ledger.ts';
import { foldLedger, mergeBalances } from './ledger-balance.ts';

function entry(snapshot: ClientSnapshot, outcome: ClientOutcome = 'open'): LedgerEntry {
  return { snapshot, outcome };
}

const PUBLISHED = { first: 0, last: 99 };

describe('the balance of the ledger', () => {
  it('holds when every client has everything from where it joined', () => {
    const balance = foldLedger(
      [entry(buildClientSnapshot(0, 100)), entry(buildClientSnapshot(30, 100))],
      PUBLISHED,
    );
    expect(balance).toMatchObject({
      clients: 2,
      published: 100,
      expected: 170,
      received: 170,
      beforeJoin: 30,
    });
    expect(balance).toMatchObject({ lost: 0, balanced: true, imbalances: [] });
  });

  it('calls the rest of an evicted client its tail, of a client that left nobody’s, of an open one lost', () => {
    const balance = foldLedger(
      [
        entry(buildClientSnapshot(0, 40), 'evicted'),
        entry(buildClientSnapshot(0, 90), 'left'),
        entry(buildClientSnapshot(0, 95)),
      ],
      PUBLISHED,
    );
    expect(balance).toMatchObject({
      evictedTail: 60,
      leftTail: 10,
      lost: 5,
      tornPrefixes: 0,
      balanced: true,
    });
  });

  it('calls a gap lost, and an evicted client with a gap torn', () => {
    const balance = foldLedger([entry(buildClientSnapshot(0, 40, 2), 'evicted')], PUBLISHED);
    expect(balance).toMatchObject({
      received: 38,
      lost: 2,
      evictedTail: 60,
      tornPrefixes: 1,
      balanced: true,
    });
  });

  it('names clients that never saw an event, and holds them to what they are owed', () => {
    expect(foldLedger([entry(SILENT_CLIENT)], PUBLISHED)).toMatchObject({
      silentClients: 1,
      silent: 100,
      expected: 0,
      lost: 0,
      balanced: true,
    });
    expect(
      foldLedger([entry(SILENT_CLIENT), entry(buildClientSnapshot(20, 100))], { ...PUBLISHED, owedFrom: 10 }),
    ).toMatchObject({
      silent: 10,
      lost: 90 + 10,
      balanced: true,
    });
  });

  it('is out of balance when a client counts other than it holds, or holds what was never published', () => {
    const wrongCount = foldLedger([entry({ ...buildClientSnapshot(0, 100), received: 99 })], PUBLISHED);
    expect(wrongCount.balanced).toBe(false);
    expect(wrongCount.imbalances[0]).toBe('client 0: 99 received and 0 missing between 0 and 99');
    const beyond = foldLedger([entry(buildClientSnapshot(0, 105))], PUBLISHED);
    expect(beyond.balanced).toBe(false);
    expect(beyond.imbalances[0]).toBe('client 0: received event 104, which was not published (last is 99)');
  });

  it('balances when nothing was published and nothing came', () => {
    const balance = foldLedger([entry(SILENT_CLIENT), entry(SILENT_CLIENT, 'evicted')], {
      first: 0,
      last: -1,
    });
    expect(balance).toMatchObject({ published: 0, expected: 0, lost: 0, balanced: true });
  });

  it('is the same whether folded at once or in parts', () => {
    const client = fc
      .tuple(fc.nat(50), fc.nat(49), fc.nat(10), fc.constantFrom<ClientOutcome>('open', 'evicted', 'left'))
      .map(([first, more, missing, outcome]) =>
        entry(
          { ...buildClientSnapshot(first, first + more + 1, Math.min(missing, more)), duplicated: missing },
          outcome,
        ),
      );
    fc.assert(
      fc.property(fc.array(client, { maxLength: 8 }), fc.nat(8), (entries, cut) => {
        const whole = foldLedger(entries, PUBLISHED);
        const parts = [entries.slice(0, cut), entries.slice(cut)].map((part) => foldLedger(part, PUBLISHED));
        expect(mergeBalances(parts)).toEqual(whole);
        expect(whole.balanced).toBe(true);
        expect(whole.published * whole.clients).toBe(
          whole.received + whole.evictedTail + whole.leftTail + whole.lost + whole.beforeJoin + whole.silent,
        );
      }),
    );
  });
});
