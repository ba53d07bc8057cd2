// Whatever of the refused events a client received, its account is that of a client which was never sent one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SequenceAccount } from './client/sequence-account.ts';
import { foldLedger } from './ledger-balance.ts';
import { RefusedEvents, withoutRefused } from './refused-events.ts';

const events = fc.array(fc.record({ isRefused: fc.boolean(), hasCome: fc.boolean() }), {
  minLength: 1,
  maxLength: 60,
});

describe('accounts without refused events', () => {
  it('equal those of the accepted events alone', () => {
    fc.assert(
      fc.property(events, (stream) => {
        const refused = new RefusedEvents();
        const [whole, alone] = [new SequenceAccount(), new SequenceAccount()];
        let rank = 0;
        let refusedReceived = 0;
        for (const [sequence, { isRefused, hasCome }] of stream.entries()) {
          if (isRefused) refused.add(sequence, sequence);
          if (hasCome) whole.take(sequence);
          if (hasCome && isRefused) refusedReceived++;
          if (hasCome && !isRefused) alone.take(rank);
          if (!isRefused) rank++;
        }
        const account = withoutRefused(whole.snapshot(), refused, whole);
        expect([account.received, account.refused]).toEqual([alone.received, refusedReceived]);
        const other = { corrupted: 0, foreign: 0, judgedSingly: 0, faults: [], isTorn: false, closeCode: 0 };
        const balance = foldLedger([{ snapshot: { ...account, ...other }, outcome: 'open' }], {
          first: 0,
          last: rank - 1,
          owedFrom: 0,
        });
        expect(balance.balanced).toBe(true);
        expect(balance.lost).toBe(rank - alone.received);
      }),
    );
  });

  it('leave out what was not settled yet, exactly', () => {
    fc.assert(
      fc.property(events, fc.nat(60), (stream, cut) => {
        const refused = new RefusedEvents();
        const whole = new SequenceAccount();
        const counts = { accepted: 0, received: 0, refused: 0 };
        for (const [sequence, { isRefused, hasCome }] of stream.entries()) {
          if (isRefused) refused.add(sequence, sequence);
          if (hasCome) whole.take(sequence);
          if (sequence >= cut) continue;
          if (!isRefused) counts.accepted++;
          if (hasCome) counts[isRefused ? 'refused' : 'received']++;
        }
        const account = withoutRefused(whole.snapshot(), refused.before(cut), whole);
        expect([account.received, account.refused]).toEqual([counts.received, counts.refused]);
        const other = { corrupted: 0, foreign: 0, judgedSingly: 0, faults: [], isTorn: false, closeCode: 0 };
        const range = { first: 0, last: counts.accepted - 1, owedFrom: 0 };
        const entry = { snapshot: { ...account, ...other }, outcome: 'left' as const };
        const { balanced, lost, leftTail } = foldLedger([entry], range);
        expect(balanced).toBe(true);
        expect(lost + leftTail).toBe(counts.accepted - counts.received);
      }),
    );
  });

  it('counts missing events of a forgotten gap as missing', () => {
    const account = new SequenceAccount();
    account.take(0);
    for (let sequence = 2; sequence < 4_000; sequence += 2) account.take(sequence);
    expect(account.missingWithin(1, 1)).toBe(1);
    expect(account.missingWithin(3_997, 3_997)).toBe(1);
    expect(account.missingWithin(3_996, 3_996)).toBe(0);
  });
});
