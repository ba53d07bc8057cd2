// Whether a route is slow is not decided by one or two calls that took long.
import { describe, expect, it } from 'vitest';
import { measureAgain } from './measure-again.ts';
import { createRouteTimes } from './route-times.ts';

/** A route whose calls took so long, measured again with calls that take `againMillis` each. */
async function measured(tookMillis: readonly number[], againMillis: number) {
  const route = createRouteTimes();
  for (const millis of tookMillis) route.took(1, millis);
  let [calls, now] = [0, 0];
  await measureAgain(
    route,
    () => now,
    async () => {
      calls++;
      now += againMillis;
      route.took(1, againMillis);
    },
  );
  return { calls, usualMillis: route.usualMillis };
}

describe('measureAgain', () => {
  it('ends with the first call that is fast', async () => {
    expect(await measured([90, 52, 25], 2)).toEqual({ calls: 1, usualMillis: 2 });
  });

  it('believes calls that go on being slow', async () => {
    expect(await measured([90, 52, 45], 40)).toEqual({ calls: 6, usualMillis: 40 });
  });

  it('gives a very slow route one more call at a time', async () => {
    expect(await measured([900, 900, 900], 800)).toEqual({ calls: 1, usualMillis: 800 });
  });

  it.each([
    ['nothing was measured yet', []],
    ['a call was fast', [90, 52, 3]],
    ['many calls were slow', [90, 40, 40, 40, 40, 40, 40, 40, 40]],
  ])('makes no call where %s', async (_, tookMillis) => {
    expect((await measured(tookMillis, 2)).calls).toBe(0);
  });
});
