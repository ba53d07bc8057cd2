// Two machines in simulated time: whatever their clocks and the ways between them do, the true offset is in every interval, or
// the samples prove that something is wrong.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClockEstimate } from './clock-estimate.ts';
import { type ClockSample, sampleOf } from './clock-sample.ts';

const ASK_MICROS = 250_000;

interface OtherClock {
  readonly offMicros: number;
  readonly ppm: number;
  /** By so much, before this question. */
  readonly step?: { readonly micros: number; readonly before: number } | undefined;
}

const wayMicros = fc.integer({ min: 20, max: 30_000 });
const questions = fc.array(
  fc.record({ there: wayMicros, back: wayMicros, busyMicros: fc.integer({ min: 0, max: 5_000 }) }),
  { minLength: 1, maxLength: 60 },
);

function timeOf({ offMicros, ppm, step }: OtherClock, atMicros: number, question: number): number {
  const stepped = step !== undefined && question >= step.before ? step.micros : 0;
  return atMicros * (1 + ppm / 1e6) + offMicros + stepped;
}

function sample(clock: OtherClock, at: number, way: { there: number; back: number; busyMicros: number }) {
  const sentMicros = 1e9 + at * ASK_MICROS;
  const heardMicros = sentMicros + way.there;
  const saidMicros = heardMicros + way.busyMicros;
  const arrivedMicros = saidMicros + way.back;
  const taken = sampleOf({
    sentMicros,
    receivedMicros: timeOf(clock, heardMicros, at),
    answeredMicros: timeOf(clock, saidMicros, at),
    arrivedMicros,
  });
  return { taken, truthMicros: timeOf(clock, arrivedMicros, at) - arrivedMicros, arrivedMicros };
}

function contains(interval: { lowMicros: number; highMicros: number } | undefined, micros: number): boolean {
  // Times of 1e9 microseconds are exact to a ten-thousandth of one.
  return (
    interval !== undefined && interval.lowMicros <= micros + 0.01 && micros - 0.01 <= interval.highMicros
  );
}

describe('the estimate of another clock', () => {
  it('holds the true offset of a clock that is 250 ms off and 50 ppm fast, whatever the ways are', () => {
    fc.assert(
      fc.property(questions, fc.integer({ min: 0, max: 120e6 }), (ways, laterMicros) => {
        const clock = { offMicros: 250_000, ppm: 50 };
        const estimate = createClockEstimate();
        let last = 0;
        for (const [at, way] of ways.entries()) {
          const { taken, truthMicros, arrivedMicros } = sample(clock, at, way);
          estimate.add(taken as ClockSample);
          expect(contains(estimate.intervalAt(arrivedMicros), truthMicros)).toBe(true);
          last = arrivedMicros;
        }
        const laterTruth = timeOf(clock, last + laterMicros, 0) - (last + laterMicros);
        expect(contains(estimate.intervalAt(last + laterMicros), laterTruth)).toBe(true);
        expect(estimate.contradictions).toBe(0);
      }),
    );
  });

  it('proves a step wrong that no drift explains, and holds the truth again from that sample on', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ there: wayMicros, back: wayMicros, busyMicros: fc.constant(0) }), {
          minLength: 24,
          maxLength: 24,
        }),
        fc.constantFrom(-400_000, 100_000, 250_000),
        (ways, micros) => {
          const clock = { offMicros: 250_000, ppm: 50, step: { micros, before: 12 } };
          const estimate = createClockEstimate();
          for (const [at, way] of ways.entries()) {
            const { taken, truthMicros, arrivedMicros } = sample(clock, at, way);
            estimate.add(taken as ClockSample);
            expect(contains(estimate.intervalAt(arrivedMicros), truthMicros)).toBe(true);
          }
          expect(estimate.contradictions).toBe(1);
        },
      ),
    );
  });

  it('is as good as the best of the latest samples', () => {
    const estimate = createClockEstimate();
    for (const [at, errorMicros] of [900, 40, 800].entries())
      estimate.add({ atMicros: at, offsetMicros: 5_000, errorMicros });
    const { lowMicros, highMicros } = estimate.intervalAt(3) ?? { lowMicros: 0, highMicros: 0 };
    expect([lowMicros, highMicros]).toEqual([expect.closeTo(4_960, 1), expect.closeTo(5_040, 1)]);
  });

  it('takes no sample from times that contradict each other', () => {
    const times = { sentMicros: 0, receivedMicros: 100, answeredMicros: 200, arrivedMicros: 50 };
    expect(sampleOf(times)).toBeUndefined();
    expect(sampleOf({ ...times, answeredMicros: 90, arrivedMicros: 500 })).toBeUndefined();
  });
});
