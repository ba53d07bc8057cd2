// Due times of stages: as many events by any moment as the area below the rate, evenly spaced where it does not change.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelAt, type Stage } from '../../../units/stages.ts';
import type { DueEvent } from '../schedule.ts';
import { createStagedSchedule, dueOffsetsMillis } from './rate-stages.ts';

const anyStages = fc.array(
  fc.record({
    durationMillis: fc.constantFrom(0, 100, 999, 5_000),
    target: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 1, max: 300 }),
      fc.double({ min: 0.1, max: 5, noNaN: true }),
    ),
  }),
  { minLength: 1, maxLength: 6 },
);

/** Events come due by this moment, by adding up the rate in small steps. */
function areaUntil(stages: readonly Stage[], millis: number): number {
  const step = 0.5;
  let events = 0;
  for (let at = 0; at < millis; at += step) events += (levelAt(stages, 0, at + step / 2) * step) / 1e3;
  return events;
}

function take(stages: readonly Stage[], most: number): number[] {
  const offsets: number[] = [];
  for (const offset of dueOffsetsMillis(stages)) {
    if (offsets.length === most) break;
    offsets.push(offset);
  }
  return offsets;
}

describe('due times of rate stages', () => {
  it('never go back, and are as many by any moment as the area below the rate', () => {
    fc.assert(
      fc.property(anyStages, fc.integer({ min: 0, max: 20_000 }), (stages, millis) => {
        const offsets = take(stages, 10_000);
        expect(offsets.every((offset, at) => offset >= (offsets[at - 1] ?? 0))).toBe(true);
        const wanted = areaUntil(stages, millis);
        const due = offsets.filter((offset) => offset < millis).length;
        expect(Math.abs(due - wanted)).toBeLessThan(1.5 + wanted * 0.01);
      }),
      { numRuns: 100 },
    );
  });

  it('are those of a constant rate once it is reached', () => {
    expect(
      take(
        [
          { durationMillis: 0, target: 20 },
          { durationMillis: 1_000, target: 20 },
        ],
        25,
      ),
    ).toEqual(Array.from({ length: 25 }, (_, at) => expect.closeTo(at * 50, 6)));
  });

  it('pause where the rate is 0, and end where it stays so', () => {
    const pause: Stage[] = [
      { durationMillis: 1_000, target: 0 },
      { durationMillis: 0, target: 2 },
      { durationMillis: 1_000, target: 2 },
      { durationMillis: 0, target: 0 },
      { durationMillis: 5_000, target: 0 },
    ];
    expect([...dueOffsetsMillis(pause)]).toEqual([1_000, 1_500]);
  });
});

describe('a staged schedule', () => {
  it('gives ten events a second until the measured time, then the stages, each event once', () => {
    let measuredFromMicros = Number.POSITIVE_INFINITY;
    const timeline = (function* () {
      for (let number = 0; ; number++)
        yield { atMillis: 0, envelope: { type: 't', appId: 'a', payload: { number } } };
    })();
    const schedule = createStagedSchedule(
      timeline,
      1e6,
      [{ durationMillis: 2_000, target: 10 }],
      () => measuredFromMicros,
    );
    const pull = (count: number) =>
      Array.from({ length: count }, () => (schedule.next().value as DueEvent).dueMicros / 1e3);
    expect(pull(3)).toEqual([1_000, 1_100, 1_200]);
    measuredFromMicros = 1_250_000;
    expect(pull(3)).toEqual([1_350, expect.closeTo(1_350 + Math.sqrt(0.4) * 1e3, 3), expect.any(Number)]);
    expect((schedule.next().value as DueEvent).envelope.payload).toEqual({ number: 6 });
  });
});
