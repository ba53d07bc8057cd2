// A standstill is blamed on slow clients only when it ended as the hub disconnected them.
import { describe, expect, it } from 'vitest';
import type { Finding } from '../result.ts';
import { judgeStandstill } from './blocked.ts';
import type { Closing } from './closing.ts';

const MEASURED_FROM_MICROS = 5e6;
const standstill = (millis: number) => ({
  lastEvent: 41,
  fromMicros: 11e6,
  untilMicros: 11e6 + millis * 1e3,
});
const judge = (millis: number, closings: readonly Closing[], reported: readonly Finding[] = []) =>
  judgeStandstill(standstill(millis), MEASURED_FROM_MICROS, closings, reported);

describe('judgeStandstill', () => {
  it('names the cohort whose clients the hub disconnected at its end', () => {
    const closings = [
      { cohort: 'other', atMillis: 2_000 },
      { cohort: 'asleep', atMillis: 9_300 },
    ];
    const message = expect.stringMatching(
      /nothing after event 41 for 3 s from 6 s on, while clients of asleep did not read, until the hub disconnected them/,
    );
    expect(judge(3_000, closings)).toMatchObject([
      { name: 'blocked', severity: 'error', cohort: 'asleep', message },
    ]);
  });

  it('blames no slow client when none was disconnected then', () => {
    const message = expect.stringContaining('no slow client is shown to be the cause');
    for (const atMillis of [[], [7_000], [30_000]]) {
      const closings = atMillis.map((at) => ({ cohort: 'asleep', atMillis: at }));
      expect(judge(3_000, closings)).toMatchObject([{ name: 'standstill', severity: 'warning', message }]);
    }
  });

  it('accepts a short one, and does not judge a blocking hub twice', () => {
    expect(judge(1_900, [{ cohort: 'asleep', atMillis: 7_000 }])).toEqual([]);
    expect(judge(3_000, [], [{ name: 'blocked', severity: 'error', message: '' }])).toEqual([]);
  });
});
