// What was late where clients missed an event: never something that was in time, which any wait for a core would excuse.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Dial, judgeMissed } from './joined-soon.ts';

const dial = (sentAfterMillis: number, joinedAfterMillis: number): Dial => ({
  ...{ fate: 'missed', fromMillis: 100, sentAfterMillis, joinedAfterMillis },
});
const lateOf = (missed: readonly Dial[]) => {
  const { basis } = judgeMissed(missed);
  if (typeof basis !== 'object') return undefined;
  return { tookMillis: basis.tookMillis, allowedMillis: basis.allowedMillis };
};

it('takes the first events for late where they were', () => {
  expect(lateOf([dial(8.2, 40), dial(8.4, 32)])).toEqual({ tookMillis: 32, allowedMillis: 16 });
});

it('takes the missed event for late where the first ones came soon after it', () => {
  expect(lateOf([dial(8.2, 12), dial(9.5, 40)])).toEqual({ tookMillis: 9.5, allowedMillis: 8 });
});

it('names something that was late', () => {
  const after = fc.double({ min: 0.01, max: 100, noNaN: true });
  const dials = fc.tuple(after, after).map(([sent, joined]) => dial(8 + sent, 8 + sent + joined));
  fc.assert(
    fc.property(fc.array(dials, { minLength: 3, maxLength: 5 }), (missed) => {
      const late = lateOf(missed);
      expect(late?.tookMillis).toBeGreaterThan(late?.allowedMillis ?? Number.POSITIVE_INFINITY);
    }),
  );
});
