// The account of one client against a set of everything that came.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_MISSING_RANGES } from './missing-ranges.ts';
import { SequenceAccount } from './sequence-account.ts';

function accountOf(sequences: readonly number[]): SequenceAccount {
  const account = new SequenceAccount();
  for (const sequence of sequences) account.take(sequence);
  return account;
}

describe('the account of sequences', () => {
  it('agrees with a set for any order, with gaps and repetitions', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { minLength: 1, maxLength: 120 }), (sequences) => {
        const account = new SequenceAccount();
        const seen = new Set<number>();
        let reordered = 0;
        for (const sequence of sequences) {
          if (!seen.has(sequence) && sequence < Math.max(-1, ...seen)) reordered++;
          expect(account.take(sequence)).toBe(!seen.has(sequence));
          seen.add(sequence);
          expect(account.next - account.first - account.missing).toBe(account.received);
        }
        expect(account).toMatchObject({
          first: Math.min(...seen),
          next: Math.max(...seen) + 1,
          received: seen.size,
          duplicated: sequences.length - seen.size,
          reordered,
          unplaced: 0,
        });
      }),
    );
  });

  it('counts a late event as reordered and not as lost', () => {
    expect(accountOf([0, 2, 3, 1])).toMatchObject({ received: 4, missing: 0, reordered: 1, duplicated: 0 });
  });

  it('begins with the first event it saw: what came before is not missing', () => {
    expect(accountOf([7, 8, 10])).toMatchObject({ first: 7, received: 3, missing: 1 });
  });

  it('forgets the oldest of too many gaps, keeps it missing, and counts an event that falls there as unplaced', () => {
    const everyOther = Array.from({ length: MAX_MISSING_RANGES + 3 }, (_, at) => 2 * at);
    const account = accountOf(everyOther);
    expect(account).toMatchObject({ missing: MAX_MISSING_RANGES + 2, unplaced: 0 });
    expect(account.take(1)).toBe(false);
    expect(account.take(5)).toBe(true);
    expect(account).toMatchObject({ missing: MAX_MISSING_RANGES + 1, unplaced: 1, reordered: 1 });
  });
});
