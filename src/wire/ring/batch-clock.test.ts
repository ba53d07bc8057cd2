// The clock is read once for what came together, and every time otherwise.
import { expect, it } from 'vitest';
import { systemClock } from '../../time/clock.ts';
import { createBatchClock } from './batch-clock.ts';

it('gives all reads of a batch the time of the first, and everything else the time that it is', () => {
  const ring = { batch: 0 };
  let micros = 0;
  const clock = createBatchClock({ ...systemClock, nowMicros: () => ++micros }, ring);
  const readings: number[] = [];
  for (const batch of [0, 0, 1, 1, 1, 2, 2, 0, 3, 0, 0]) {
    ring.batch = batch;
    readings.push(clock.nowMicros());
  }
  expect(readings).toEqual([1, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8]);
});
