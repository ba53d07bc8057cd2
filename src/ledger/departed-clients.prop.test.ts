// Accounts of clients that left, added one by one, come to the same balance as a fold over all of them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DepartedClients } from './departed-clients.ts';
import type { ClientSnapshot } from './ledger.ts';
import { foldLedger } from './ledger-balance.ts';

const LAST = 99;

const counts = { duplicated: fc.nat(3), reordered: fc.nat(3), corrupted: fc.nat(3), unplaced: fc.nat(3) };
const other = {
  ...counts,
  foreign: fc.nat(3),
  judgedSingly: fc.nat(3),
  faults: fc.array(
    fc.record({ kind: fc.constantFrom('a', 'b'), count: fc.nat(3), sample: fc.constant('x') }),
  ),
  isTorn: fc.boolean(),
  closeCode: fc.constant(0),
};
const silent = fc.record({
  ...other,
  firstSequence: fc.constant(undefined),
  nextSequence: fc.constant(undefined),
  received: fc.constant(0),
  missing: fc.constant(0),
});

/** `lastSeen` at most; where `isFalse` its counts do not add up. */
function heard(lastSeen: number, isFalse: boolean): fc.Arbitrary<ClientSnapshot> {
  return fc
    .record({ ...other, first: fc.nat(lastSeen), length: fc.integer({ min: 1, max: 100 }), gap: fc.nat(100) })
    .map(({ first, length, gap, ...rest }) => {
      const next = Math.min(lastSeen + 1, first + length);
      const missing = Math.min(gap, next - first - 1);
      const received = next - first - missing + (isFalse ? 1 : 0);
      return { ...rest, firstSequence: first, nextSequence: next, missing, received };
    });
}

function balances(snapshots: readonly ClientSnapshot[]) {
  const departed = new DepartedClients();
  for (const snapshot of snapshots) departed.add(snapshot);
  const whole = foldLedger(
    snapshots.map((snapshot) => ({ snapshot, outcome: 'left' as const })),
    { first: 0, last: LAST },
  );
  return { added: departed.balance(LAST), whole };
}

describe('departed clients', () => {
  it('balance as they do in one fold', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(silent, heard(LAST, false))), (snapshots) => {
        const { added, whole } = balances(snapshots);
        const byKind = (balance: typeof whole) => new Map(balance.faults.map((fault) => [fault.kind, fault]));
        expect({ ...added, faults: [] }).toEqual({ ...whole, faults: [] });
        expect(byKind(added)).toEqual(byKind(whole));
        expect(added.balanced).toBe(true);
      }),
    );
  });

  it('do not balance when one counts what it cannot have received', () => {
    fc.assert(
      fc.property(heard(LAST, true), (snapshot) => {
        expect(balances([snapshot]).added.balanced).toBe(false);
      }),
    );
  });

  it('do not balance when one received an event that was not published', () => {
    const snapshot = { ...fc.sample(heard(LAST, false), 1)[0], nextSequence: LAST + 6 } as ClientSnapshot;
    const { added } = balances([
      { ...snapshot, received: LAST + 6 - (snapshot.firstSequence ?? 0), missing: 0 },
    ]);
    expect(added.imbalances[0]).toContain('received event 104, which was not published (last is 99)');
  });
});
