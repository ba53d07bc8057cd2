// What one, two or no pings tell of a period.
import { describe, expect, it } from 'vitest';
import { tell } from './server-ping.ts';

describe('tell', () => {
  it('takes the time between two pings for the period', () => {
    expect(tell([1_000, 3_500.4], 3_500)).toEqual({ value: 2_500 });
  });

  it.each([
    [[], 9_000, 9_000],
    [[7_000], 9_000, 7_000],
    [[1_000], 9_000, 8_000],
  ])('knows of pings at %j within %i ms only that the period is longer than %i ms', (seen, end, low) => {
    expect(tell(seen, end)).toMatchObject({ value: null, low });
  });
});
