// Times of events in bounded memory: exact for the latest, close for the earlier, and never out of order.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventTimes } from './event-times.ts';

const SMALL = { exactEvents: 64, earlierEvents: 16, firstStride: 4 };

interface Known {
  readonly atMicros: number;
  readonly offset: number;
}

function fill(gaps: readonly number[]): { events: EventTimes; known: Known[] } {
  const events = new EventTimes(SMALL);
  const known: Known[] = [];
  let [atMicros, offset] = [1_000, 0];
  for (const gap of gaps) {
    atMicros += gap;
    known.push({ atMicros, offset });
    events.add(atMicros, 10 + gap);
    offset += 10 + gap;
  }
  return { events, known };
}

const anyGaps = fc.array(fc.constantFrom(0, 0, 1, 5, 100), { maxLength: 1_500 });

describe('times of events', () => {
  it('are exact for the latest events, and held in bounded memory', () => {
    fc.assert(
      fc.property(anyGaps, (gaps) => {
        const { events, known } = fill(gaps);
        expect(events.count).toBe(known.length);
        expect(events.held).toBeLessThanOrEqual(64 + 4 + 16);
        for (const [sequence, { atMicros, offset }] of [...known.entries()].slice(-64)) {
          expect(events.timeOf(sequence)).toBe(atMicros);
          expect(events.offsetOf(sequence)).toBe(offset);
          expect(events.countUntil(atMicros)).toBe(known.filter((one) => one.atMicros <= atMicros).length);
        }
        expect([events.timeOf(-1), events.timeOf(known.length)]).toEqual([undefined, undefined]);
      }),
      { numRuns: 50 },
    );
  });

  it('never go back, and lie between those of the events around', () => {
    fc.assert(
      fc.property(anyGaps, (gaps) => {
        const { events, known } = fill(gaps);
        let [time, offset, count] = [0, 0, 0];
        for (let sequence = 0; sequence < known.length; sequence++) {
          const own = events.timeOf(sequence) as number;
          expect(own).toBeGreaterThanOrEqual(time);
          expect(events.offsetOf(sequence)).toBeGreaterThanOrEqual(offset);
          [time, offset] = [own, events.offsetOf(sequence)];
        }
        const end = (known.at(-1)?.atMicros ?? 0) + 10;
        for (let micros = 0; micros <= end; micros += Math.ceil(end / 200)) {
          const until = events.countUntil(micros);
          expect(until).toBeGreaterThanOrEqual(count);
          expect(until).toBeLessThanOrEqual(known.length);
          count = until;
        }
        expect(events.countUntil(end)).toBe(known.length);
      }),
      { numRuns: 50 },
    );
  });

  it('are close where events came evenly, far back as well', () => {
    const { events, known } = fill(Array.from({ length: 5_000 }, () => 7));
    for (const [sequence, { atMicros, offset }] of known.entries()) {
      expect(events.timeOf(sequence)).toBeCloseTo(atMicros, 3);
      expect(Math.abs(events.offsetOf(sequence) - offset)).toBeLessThanOrEqual(1);
      expect(Math.abs(events.countUntil(atMicros) - (sequence + 1))).toBeLessThanOrEqual(1);
    }
  });
});
