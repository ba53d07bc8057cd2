// What a check may publish on a route of any pace.
import { describe, expect, it } from 'vitest';
import { CheckEnded } from '../../finding.ts';
import { createRouteTimes } from '../../run/waits/route-times.ts';
import { affordable, eventsInARow } from './affordable.ts';

function count(eventMillis: number, wish: Parameters<typeof affordable>[1]) {
  const route = createRouteTimes();
  for (let call = 0; call < 3; call++) route.took(1, eventMillis);
  const notes: string[] = [];
  const parts = { route, timeLimitMillis: 110_000, note: (line: string) => void notes.push(line) };
  try {
    return [affordable(parts, wish), ...notes];
  } catch (thrown) {
    if (!(thrown instanceof CheckEnded)) throw thrown;
    return thrown.finding;
  }
}

describe('affordable', () => {
  it('is all that is wanted before the route was measured, and on a fast one', () => {
    const parts = { route: createRouteTimes(), timeLimitMillis: 110_000, note: () => {} };
    expect(affordable(parts, { wanted: 1_000, fewest: 1_000 })).toBe(1_000);
    expect(count(2, { wanted: 500, fewest: 10 })).toEqual([500]);
  });

  it('is what fits into five seconds of a run, and is noted', () => {
    expect(count(40, { wanted: 500, fewest: 10 })).toEqual([
      125,
      '125 events instead of 500: the broadcast route takes 40 ms for an event',
    ]);
  });

  it('counts events that are published at the same time once', () => {
    expect(count(100, { wanted: 1_100, fewest: 1_100, atOnce: 32 })).toEqual([1_100]);
  });

  it('ends the check as out of time below the fewest that prove something, with what it would need', () => {
    expect(count(1_000, { wanted: 500, fewest: 40 })).toMatchObject({
      verdict: 'skip',
      outOfTime: true,
      reason:
        'the broadcast route takes 1 s for an event: the check needs at least 40 events, which take 40 s, and may take 5 s (--time 880s gives it enough)',
    });
  });
});

describe('eventsInARow', () => {
  it.each([
    [0, 32],
    [5, 32],
    [40, 2],
    [1_000, 1],
  ])('is, on a route of %i ms, %i of a window of 32', (routeMillis, events) => {
    expect(eventsInARow(32, routeMillis)).toBe(events);
  });
});
