// Which silences of a hub count as standstills, in simulated time.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import type { Clock } from '../../../time/clock.ts';
import { type ClientView, createDeliveryWatch } from './delivery-watch.ts';

function setUp() {
  const clock = createSimulatedClock({ startMicros: 0 });
  let lateMillis = 0;
  const late: Clock = { ...clock, after: (millis, fire) => clock.after(millis + lateMillis, fire) };
  let view: ClientView = { deliveries: 90, open: 9, lowestNextSequence: 10, acceptedEvents: 10 };
  let isCurrent = true;
  let faultMicros = Number.POSITIVE_INFINITY;
  const watch = createDeliveryWatch(
    late,
    () => view,
    () => isCurrent,
    (fromMicros, untilMicros) => fromMicros <= faultMicros && faultMicros <= untilMicros,
  );
  const look = (millis: number) => clock.advance(millis);
  return {
    watch,
    look,
    see(changes: Partial<ClientView>, isReporting = true) {
      view = { ...view, ...changes };
      isCurrent = isReporting;
    },
    faultAt(millis: number) {
      faultMicros = millis * 1e3;
    },
    /** Each look comes so much later. */
    delayLooks(millis: number) {
      lateMillis = millis;
    },
    longestMillis: () => {
      const longest = watch.longest();
      return longest === undefined ? 0 : (longest.untilMicros - longest.fromMicros) / 1e3;
    },
  };
}

describe('createDeliveryWatch', () => {
  it('measures how long nobody received an event that the hub had accepted', () => {
    const { watch, look, see, longestMillis } = setUp();
    see({ acceptedEvents: 12 });
    look(3_000);
    expect(longestMillis()).toBe(0);
    see({ deliveries: 108, lowestNextSequence: 12 });
    look(500);
    expect(longestMillis()).toBe(3_000);
    expect(watch.longest()).toMatchObject({ lastEvent: 9, fromMicros: 50_000, untilMicros: 3_050_000 });
  });

  it('counts no time in which a fault kept events back, and any other time', () => {
    const { look, see, faultAt, longestMillis } = setUp();
    faultAt(1_000);
    see({ acceptedEvents: 12 });
    look(3_000);
    see({ deliveries: 108, lowestNextSequence: 12 });
    look(500);
    expect(longestMillis()).toBe(0);
    see({ acceptedEvents: 14 });
    look(2_000);
    see({ deliveries: 126, lowestNextSequence: 14 });
    look(500);
    expect(longestMillis()).toBe(2_000);
  });

  it('counts a standstill behind a part of the deliveries', () => {
    const { look, see, longestMillis } = setUp();
    see({ acceptedEvents: 12 });
    look(200);
    see({ deliveries: 94 });
    look(2_000);
    see({ deliveries: 95 });
    look(50);
    see({ deliveries: 108, lowestNextSequence: 12 });
    look(50);
    expect(longestMillis()).toBe(2_000);
  });

  it('does not count a pause between events, nor a client that never receives again', () => {
    const { look, see, longestMillis } = setUp();
    look(5_000);
    see({ acceptedEvents: 11, deliveries: 98 });
    look(5_000);
    see({ acceptedEvents: 12, deliveries: 106 });
    look(5_000);
    expect(longestMillis()).toBe(0);
    see({ open: 8, lowestNextSequence: 12 });
    look(50);
    expect(longestMillis()).toBe(0);
  });

  it('does not count a pause between events in which somebody joined', () => {
    const { look, see, longestMillis } = setUp();
    see({ open: 10, lowestNextSequence: -1 });
    look(5_000);
    see({ acceptedEvents: 11, deliveries: 100, lowestNextSequence: 11 });
    look(500);
    expect(longestMillis()).toBe(0);
  });

  it('does not count the time in which nobody looked', () => {
    const { look, see, delayLooks, longestMillis } = setUp();
    see({ acceptedEvents: 12 });
    look(100);
    delayLooks(5_000);
    look(5_100);
    delayLooks(0);
    see({ deliveries: 108, lowestNextSequence: 12 });
    look(6_000);
    expect(longestMillis()).toBe(0);
  });

  it('does not count the time in which a worker does not report', () => {
    const { look, see, longestMillis } = setUp();
    see({ acceptedEvents: 12 });
    look(900);
    see({}, false);
    look(5_000);
    see({ deliveries: 108, lowestNextSequence: 12 });
    look(500);
    expect(longestMillis()).toBe(0);
  });
});
