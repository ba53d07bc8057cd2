// p99 before, during and after faults, from one number for each second.
import { describe, expect, it } from 'vitest';
import { withLatencies } from './fault-latency.ts';
import type { FaultResult } from './fault-result.ts';

/** Seconds from 100 on; null: nothing arrived. In milliseconds. */
function latencies(
  p99Millis: readonly (number | null)[],
  faults: readonly (readonly [fromSecond: number, untilSecond: number | undefined])[],
) {
  const points = p99Millis.flatMap((millis, at) =>
    millis === null
      ? []
      : [{ second: 100 + at, deliveries: 10, p50Micros: 1, p99Micros: Math.round(millis * 1e3) }],
  );
  const micros = (second: number) => (100 + second) * 1e6;
  const found = withLatencies(
    faults.map(() => ({}) as FaultResult),
    {
      points,
      faults: faults.map(([from, until]) => ({
        fromMicros: micros(from),
        untilMicros: until === undefined ? undefined : micros(until),
      })),
      fromMicros: micros(0),
      untilMicros: micros(p99Millis.length),
    },
  );
  return found ?? [];
}

describe('latency around a fault', () => {
  it('is that of the seconds before, the worst until it settles, and that after', () => {
    const p99 = [5, 6, 5, 5, 7, null, null, 900, 300, 8, 7, 6, 6, 6];
    expect(latencies(p99, [[5, 6.5]])).toEqual([
      { p99Micros: { before: 5_000, during: 900_000, after: 6_000 }, settledMillis: 5_000 },
    ]);
  });

  it('has settled at once where nobody was slowed', () => {
    const [fault] = latencies([5, 5, 5, 5, 5, 5, 6, 5, 5], [[4.5, 4.5]]);
    expect(fault).toEqual({ p99Micros: { before: 5_000, during: 5_000, after: 5_000 }, settledMillis: 500 });
  });

  it('is not settled by one good second among bad ones, nor undone by one bad among good ones', () => {
    expect(latencies([5, 5, 5, 80, 5, 80, 80, 5, 5, 5, 80, 5], [[3, 3]])[0]?.settledMillis).toBe(4_000);
  });

  it('has not settled by the end of the run', () => {
    const [fault] = latencies([5, 5, 5, 80, 90, 85, 80, 80], [[3, 4]]);
    expect(fault).toEqual({
      p99Micros: { before: 5_000, during: 90_000, after: 85_000 },
      settledMillis: null,
    });
  });

  it('has no number that a single second would give', () => {
    expect(latencies([5, 80], [[1, 1]])).toEqual([
      { p99Micros: { before: null, during: 80_000, after: null }, settledMillis: null },
    ]);
  });

  it('is compared with what was before the faults where they follow one another at once', () => {
    const faults = latencies(
      [5, 5, 5, 80, 80, 80, 80, 6, 6, 6],
      [
        [3, 3.2],
        [5, 5.2],
      ],
    );
    expect(faults.map(({ settledMillis }) => settledMillis)).toEqual([null, 2_000]);
    expect(faults.map(({ p99Micros }) => p99Micros?.before)).toEqual([5_000, 5_000]);
  });

  it('is that of the time between where it settled between two faults', () => {
    const faults = latencies(
      [5, 5, 5, 80, 7, 7, 7, 90, 8, 8, 8],
      [
        [3, 3.2],
        [7, 7.2],
      ],
    );
    expect(faults).toMatchObject([
      { p99Micros: { before: 5_000, during: 80_000, after: 7_000 }, settledMillis: 1_000 },
      { p99Micros: { before: 7_000, during: 90_000, after: 8_000 }, settledMillis: 1_000 },
    ]);
  });

  it('is absent without faults, and of those that a result describes', () => {
    const input = { points: [], fromMicros: 0, untilMicros: 1e6 };
    expect(withLatencies(undefined, input)).toBeUndefined();
    const faults = [
      { fromMicros: 0, untilMicros: 1 },
      { fromMicros: 2, untilMicros: 3 },
    ];
    expect(withLatencies([{} as FaultResult], { ...input, faults })).toHaveLength(1);
  });

  it('goes on to the end for a fault that does', () => {
    const [fault] = latencies([5, 5, 5, 60, 60, 60, 60], [[3, undefined]]);
    expect(fault).toEqual({
      p99Micros: { before: 5_000, during: 60_000, after: null },
      settledMillis: null,
    });
  });
});
