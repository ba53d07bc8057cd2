// Requests grow on a quick route and shrink on a slow one, before a deadline makes it look stopped.
import { describe, expect, it } from 'vitest';
import { createRequestSize } from './request-size.ts';

const MAX_SECONDS = 10;

/** Sizes of the requests that a hub gets, which takes so long for each event of a batch. */
function sizesAt(millisAnEvent: number): number[] {
  const size = createRequestSize();
  return Array.from({ length: 8 }, () => {
    const events = size.events(true);
    size.answered(events, events * millisAnEvent * 1e3);
    return events;
  });
}

describe('createRequestSize', () => {
  it('doubles on a quick route', () => {
    expect(sizesAt(0.1)).toEqual([32, 64, 128, 256, 512, 512, 512, 512]);
  });

  it.each([10, 40, 100, 250])('stays below the deadline where an event takes %i ms', (millis) => {
    for (const events of sizesAt(millis)) expect(events * millis).toBeLessThan(MAX_SECONDS * 1e3);
  });

  it('is one where the hub takes events one by one', () => {
    expect(createRequestSize().events(false)).toBe(1);
  });

  it('never grows again beyond half of what was refused', () => {
    const size = createRequestSize();
    size.refused(8);
    for (let i = 0; i < 5; i++) size.answered(4, 1_000);
    expect(size.events(true)).toBe(4);
  });
});
