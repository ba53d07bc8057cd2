// How much goes out in a row, and how long a nonce may take, with hubs of any pace.
import { describe, expect, it } from 'vitest';
import { eventsInARow, nonceMillis } from './in-a-row.ts';

const window = (betweenMillis: number, aloneMillis: number) => ({
  limit: 32,
  deliveries: { isSlow: betweenMillis >= 5 || aloneMillis >= 20, betweenMillis, aloneMillis },
});
const FAST = window(0.2, 2);

describe('eventsInARow', () => {
  it.each([
    [0, 32],
    [5, 32],
    [40, 2],
    [1_000, 1],
  ])('is, on a route of %i ms, %i of a window of 32', (routeMillis, events) => {
    expect(eventsInARow({ eventWindow: FAST, isAlone: false }, routeMillis)).toBe(events);
  });

  it.each([
    ['come 20 ms apart', window(20, 20), 5],
    ['come 250 ms apart', window(250, 250), 1],
    ['are all 250 ms late', window(0, 250), 32],
    ['are fast', FAST, 32],
  ])('leaves room for other checks where events %s', (_, eventWindow, events) => {
    expect(eventsInARow({ eventWindow, isAlone: false }, 1)).toBe(events);
    expect(eventsInARow({ eventWindow, isAlone: true }, 1)).toBe(32);
  });
});

describe('nonceMillis', () => {
  it('is half as much again as a nonce takes behind a full window of slow deliveries, or alone', () => {
    expect(nonceMillis({ eventWindow: window(20, 20), isAlone: false })).toBe(990);
    expect(nonceMillis({ eventWindow: window(20, 20), isAlone: true })).toBe(60);
    expect(nonceMillis({ eventWindow: FAST, isAlone: false })).toBe(0);
  });
});
