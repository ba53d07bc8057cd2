// What the fates of the clients amount to: what was late where they missed an event, and what nobody could see.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dial, judgeDials } from './joined-soon.ts';

const missed = (sentAfterMillis: number, joinedAfterMillis: number): Dial => ({
  ...{ fate: 'missed', fromMillis: 100, sentAfterMillis, joinedAfterMillis },
  arrivedAfterMillis: sentAfterMillis + 1,
});
/** An event that arrived at its client, so long after it was sent. */
const arrived = (tookMillis: number): Dial => ({
  ...{ fate: tookMillis <= 4.5 ? 'received' : 'unknown', fromMillis: 100, sentAfterMillis: 8.5 },
  ...{ arrivedAfterMillis: 8.5 + tookMillis, joinedAfterMillis: 8.5 + tookMillis },
});
const lateOf = (dials: readonly Dial[]) => {
  const { basis } = judgeDials(dials);
  if (typeof basis !== 'object') return undefined;
  return { tookMillis: basis.tookMillis, allowedMillis: basis.allowedMillis };
};

describe('clients that missed an event', () => {
  it('were late where their first events were', () => {
    expect(lateOf([missed(8.2, 40), missed(8.4, 32), missed(8.3, 33)])).toEqual({
      tookMillis: 32,
      allowedMillis: 16,
    });
  });

  it('missed it because it was late where the first ones came soon after it', () => {
    expect(lateOf([missed(8.2, 12), missed(9.5, 40), missed(8.3, 40)])).toEqual({
      tookMillis: 9.5,
      allowedMillis: 8,
    });
  });

  it('name something that was late, never something in time, which any wait for a core would excuse', () => {
    const after = fc.double({ min: 0.01, max: 100, noNaN: true });
    const dials = fc.tuple(after, after).map(([sent, joined]) => missed(8 + sent, 8 + sent + joined));
    fc.assert(
      fc.property(fc.array(dials, { minLength: 3, maxLength: 5 }), (all) => {
        const late = lateOf(all);
        expect(late?.tookMillis).toBeGreaterThan(late?.allowedMillis ?? Number.POSITIVE_INFINITY);
      }),
    );
  });
});

describe('clients of which few could be judged', () => {
  it('make no pass: an error, where some event was in time', () => {
    const dials = [arrived(1), missed(8.2, 40), arrived(1), missed(8.2, 30), arrived(9)];
    expect(judgeDials(dials)).toMatchObject({
      verdict: 'error',
      reason: expect.stringMatching(/^only 4 of 5/),
    });
    expect(judgeDials([arrived(4.9), arrived(30), arrived(60)]).verdict).toBe('error');
  });

  it('are skipped where every event is late, which a busy machine casts doubt on', () => {
    const dials = [arrived(11), arrived(30), missed(8.2, 60)].map((dial) => ({
      ...dial,
      arrivedAfterMillis: Math.max(dial.arrivedAfterMillis, 30),
    }));
    const finding = judgeDials(dials);
    expect(finding).toMatchObject({
      verdict: 'skip',
      reason: expect.stringMatching(/^an event takes 22 ms or more/),
    });
    expect(finding.basis).toMatchObject({ tookMillis: 21.5, allowedMillis: 5 });
  });

  it('never make a pass without three that received the event in time', () => {
    const fate = fc.oneof(
      fc.double({ min: 0.1, max: 90, noNaN: true }).map(arrived),
      fc.double({ min: 0.1, max: 90, noNaN: true }).map((after) => missed(8.1, 8.2 + after)),
    );
    fc.assert(
      fc.property(fc.array(fate, { minLength: 5, maxLength: 30 }), (dials) => {
        const received = dials.filter((dial) => dial.fate === 'received').length;
        const { verdict } = judgeDials(dials);
        if (received < 3) expect(verdict).not.toBe('pass');
        if (dials.filter((dial) => dial.fate === 'missed').length >= 3) expect(verdict).toBe('fail');
      }),
    );
  });
});
