// Whatever a route takes: the limit is found with few tries, and nobody asks for more again.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventLimit } from './event-limit.ts';

describe('the event limit', () => {
  it('never exceeds what the route takes, is at least half of it, and tries no size twice', async () => {
    const bytes = fc.integer({ min: 1, max: 100_000 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 512, max: 100_000 }), fc.array(bytes), async (mostBytes, wanted) => {
        const tried: number[] = [];
        const limit = createEventLimit();
        for (const wantedBytes of wanted) {
          const fitting = await limit.fit(wantedBytes, async (size) => {
            tried.push(size);
            return size <= mostBytes ? 'taken' : 'refused';
          });
          expect(fitting).toBeLessThanOrEqual(Math.min(mostBytes, wantedBytes));
          expect(fitting).toBeGreaterThanOrEqual(Math.min(wantedBytes, 256));
        }
        expect(new Set(tried).size).toBe(tried.length);
      }),
    );
  });

  it('tries nothing for ordinary events, and changes nothing where no answer comes', async () => {
    const limit = createEventLimit();
    expect(await limit.fit(200, () => Promise.reject(new Error('tried')))).toBe(200);
    expect(await limit.fit(16_384, async () => 'unknown')).toBe(16_384);
  });
});
