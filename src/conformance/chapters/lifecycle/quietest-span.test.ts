// How long an idle hub is measured, by what it uses: a clock that only the spans move.
import { describe, expect, it } from 'vitest';
import { isConstant, quietestSpan, SPAN_MILLIS } from './quietest-span.ts';

/** The last share is repeated forever; a negative one is not sure. */
async function measure(shares: readonly number[], mayEndConstant: boolean, enough = 0.02) {
  let count = 0;
  const spans = {
    async measureUse() {
      const share = shares[Math.min(count++, shares.length - 1)] as number;
      return { share: Math.abs(share), usedMillis: Math.abs(share) * SPAN_MILLIS, isSure: share >= 0 };
    },
    elapsedMillis: () => count * SPAN_MILLIS,
    signal: new AbortController().signal,
  };
  const { share } = await quietestSpan(spans, { enough, mayEndConstant });
  return { share, millis: count * SPAN_MILLIS };
}

describe('quietestSpan', () => {
  it('ends with the first quiet span, after others', async () => {
    expect(await measure([0.9, 0.3, 0.001], true)).toEqual({ share: 0.001, millis: 900 });
  });

  it('ends after five spans of a poll loop, where that is what others are compared with', async () => {
    expect(await measure([0.04, 0.045, 0.038, 0.04, 0.041], true)).toEqual({ share: 0.038, millis: 1_500 });
    expect((await measure([0.9, 0.5, 0.06, 0.12, 0.06, 0.12, 0.06], true)).millis).toBe(2_100);
  });

  it('goes on for 8 s while a compiler works, which may be constant', async () => {
    expect((await measure([0.99], true)).millis).toBe(8_100);
    expect(await measure([...Array.from({ length: 20 }, () => 0.97), 0], true)).toEqual({
      share: 0,
      millis: 6_300,
    });
  });

  it('goes on before a failure: for 8 s, and until 3 s are used, but not beyond 20 s', async () => {
    expect((await measure([0.9], false)).millis).toBe(8_100);
    expect((await measure([0.25], false)).millis).toBe(12_000);
    expect((await measure([0.1], false)).millis).toBe(20_100);
    expect((await measure([0.04], false, 0.06)).millis).toBe(SPAN_MILLIS);
  });
});

describe('quietestSpan on a busy machine', () => {
  it('takes no span for quiet in which the hub may have waited for a core', async () => {
    expect(await measure([-0.001, -0.002, 0.3, -0.001, 0.01], false)).toEqual({ share: 0.01, millis: 1_500 });
    expect((await measure([-0.001], false)).share).toBe(Number.POSITIVE_INFINITY);
  });

  it('takes what it used all the same for as much at least', async () => {
    expect((await measure([-0.4, -0.3, -0.001], false)).share).toBe(0.3);
  });
});

describe('isConstant', () => {
  it.each([
    { shares: [0.04, 0.04, 0.04, 0.04], constant: false },
    { shares: [0.04, 0.04, 0.04, 0.04, 0.04], constant: true },
    { shares: [0.14, 0.11, 0.08, 0.06, 0.05], constant: false },
    { shares: [0.04, 0.04, 0.2, 0.04, 0.04], constant: false },
  ])('$constant for $shares', ({ shares, constant }) => expect(isConstant(shares)).toBe(constant));
});
