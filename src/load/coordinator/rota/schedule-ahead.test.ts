// A schedule that is read ahead gives each event once, in order, and counts those that were given before.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DueEvent } from '../../plan/schedule.ts';
import { ScheduleAhead } from './schedule-ahead.ts';

const envelope = { type: 'x', appId: 'a', payload: {} } as unknown as DueEvent['envelope'];
const eventsAt = (dues: readonly number[]): DueEvent[] => dues.map((dueMicros) => ({ dueMicros, envelope }));

it('gives what its source has, whatever was read ahead of it', () => {
  const steps = fc.array(fc.oneof(fc.constant('next' as const), fc.nat(60)), { maxLength: 60 });
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 40 }), steps, (gaps, calls) => {
      let at = 0;
      const events = eventsAt(gaps.map((gap) => (at += gap)));
      const schedule = new ScheduleAhead(events.values());
      let given = 0;
      for (const call of calls) {
        if (call === 'next') {
          expect(schedule.next().value).toBe(events[given]);
          given = Math.min(events.length + 1, given + 1);
        } else {
          const { first, events: ahead } = schedule.between(call, call + 25);
          // The one that was given last is not published yet.
          const open = events.slice(Math.max(0, given - 1));
          const expected = open.filter(({ dueMicros }) => dueMicros >= call && dueMicros < call + 25);
          expect(ahead).toEqual(expected);
          if (ahead[0] !== undefined) expect(events[first]).toBe(ahead[0]);
        }
      }
    }),
  );
});

it('gives an event of many that were read ahead as quickly as one of few', () => {
  const millisFor = (events: number): number => {
    const schedule = new ScheduleAhead(eventsAt(Array.from({ length: events }, (_, at) => at)).values());
    schedule.between(0, events);
    const startMillis = performance.now();
    for (let at = 0; at < 5_000; at++) schedule.next();
    return performance.now() - startMillis;
  };
  const best = (events: number) => Math.min(...[1, 2, 3].map(() => millisFor(events)));
  best(5_000);
  // 60 times as long where each moves all that follow.
  expect(best(400_000)).toBeLessThan(20 * Math.max(1, best(10_000)));
});
