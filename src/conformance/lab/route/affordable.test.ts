// What a check may publish on a route of any pace, and to clients that get events at any pace.
import { describe, expect, it } from 'vitest';
import { CheckEnded } from '../../finding.ts';
import { createDeliveryTimes } from '../../run/waits/delivery-times.ts';
import { createRouteTimes } from '../../run/waits/route-times.ts';
import { affordable } from './affordable.ts';

type Wish = Parameters<typeof affordable>[1];

interface Pace {
  readonly routeMillis?: number;
  readonly betweenMillis?: number;
  readonly aloneMillis?: number;
}

function count({ routeMillis = 1, betweenMillis = 0, aloneMillis = 1 }: Pace, wish: Wish) {
  const route = createRouteTimes();
  for (let call = 0; call < 3; call++) route.took(1, routeMillis);
  const deliveries = createDeliveryTimes();
  for (let request = 0; request < 3; request++) {
    deliveries.cameAlone(request, aloneMillis);
    deliveries.followed(request, betweenMillis);
  }
  const notes: string[] = [];
  const eventWindow = { limit: 32, deliveries };
  const parts = {
    route,
    eventWindow,
    timeLimitMillis: 110_000,
    note: (line: string) => void notes.push(line),
  };
  try {
    return [affordable(parts, wish), ...notes];
  } catch (thrown) {
    if (!(thrown instanceof CheckEnded)) throw thrown;
    return thrown.finding;
  }
}

describe('affordable', () => {
  it('is all that is wanted before anything was measured, and with a fast hub', () => {
    const eventWindow = { limit: 32, deliveries: createDeliveryTimes() };
    const parts = { route: createRouteTimes(), eventWindow, timeLimitMillis: 110_000, note: () => {} };
    expect(affordable(parts, { wanted: 1_000, fewest: 1_000 })).toBe(1_000);
    expect(count({ routeMillis: 2 }, { wanted: 500, fewest: 10 })).toEqual([500]);
    const busy = { betweenMillis: 4, aloneMillis: 49 };
    expect(count(busy, { wanted: 9_000, fewest: 10, underWay: 1 })).toEqual([9_000]);
  });

  describe('on a slow route', () => {
    it('is what fits into five seconds of a run, and is noted', () => {
      expect(count({ routeMillis: 40 }, { wanted: 500, fewest: 10 })).toEqual([
        125,
        '125 events instead of 500: the broadcast route takes 40 ms for an event',
      ]);
    });

    it('counts events that are published at the same time once', () => {
      const wish = { wanted: 1_100, fewest: 1_100, atOnce: 32 };
      expect(count({ routeMillis: 100 }, wish)).toEqual([1_100]);
    });

    it('ends the check as out of time below the fewest that prove something, with what it would need', () => {
      expect(count({ routeMillis: 1_000 }, { wanted: 500, fewest: 40 })).toMatchObject({
        verdict: 'skip',
        outOfTime: true,
        reason:
          'the broadcast route takes 1 s for an event: the check needs at least 40 events, which take 40 s, and may take 5 s (--time 880s gives it enough)',
      });
    });
  });

  describe('where events take long to clients', () => {
    const slowWriters = { betweenMillis: 20, aloneMillis: 20 };
    const late = { betweenMillis: 0, aloneMillis: 250 };

    it('is what fits into a quarter of that, as deliveries of all checks come one after the other', () => {
      expect(count(slowWriters, { wanted: 500, fewest: 10 })).toEqual([
        62,
        '62 events instead of 500: an event takes 20 ms to the clients, with 32 on their way',
      ]);
    });

    it('is the fewest that prove something, as long as they fit into the whole share', () => {
      expect(count(slowWriters, { wanted: 360, fewest: 144 })).toEqual([
        144,
        '144 events instead of 360: an event takes 20 ms to the clients, with 32 on their way',
      ]);
      expect(count(slowWriters, { wanted: 1_100, fewest: 1_100, atOnce: 32 })).toMatchObject({
        outOfTime: true,
        reason:
          'an event takes 20 ms to the clients, with 32 on their way: the check needs at least 1100 events, which take 22 s, and may take 5 s (--time 484s gives it enough)',
      });
    });

    it('counts what is late, but not in turn, once for all that are on their way', () => {
      expect(count(late, { wanted: 100, fewest: 10 })).toEqual([100]);
      expect(count(late, { wanted: 80, fewest: 3, underWay: 1 })).toEqual([
        5,
        '5 events instead of 80: an event takes 250 ms to the clients, one by one',
      ]);
    });

    it('counts every event that is delivered for each that is wanted', () => {
      expect(count(slowWriters, { wanted: 80, fewest: 4, deliveriesEach: 8 })).toEqual([
        7,
        '7 events instead of 80: an event takes 20 ms to the clients, with 32 on their way',
      ]);
      expect(count(slowWriters, { wanted: 1_000, fewest: 1_000, deliveriesEach: 0 })).toEqual([1_000]);
    });

    it('leaves what must be tried, however long it takes', () => {
      const wish = {
        wanted: 3,
        fewest: 1,
        triesFewest: true,
        what: ['client', 'clients'] as const,
        eventsEach: 65,
      };
      expect(count({ betweenMillis: 250 }, wish)).toEqual([
        1,
        '1 client instead of 3: an event takes 250 ms to the clients, with 32 on their way',
      ]);
    });
  });
});
