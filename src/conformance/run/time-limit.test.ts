// The time of a run, on a simulated clock.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import { startTimeLimit } from './time-limit.ts';

describe('the time limit of a run', () => {
  it.each([
    ['ends the run when the time is over', 0, 1_000],
    ['gives back the time in which the runner was late', 300, 1_300],
    ['gives back no more than half of the time', 5_000, 1_500],
  ])('%s', (_fact, lateMillis, endMillis) => {
    const clock = createSimulatedClock();
    const limit = startTimeLimit(1_000, clock, () => lateMillis);
    clock.advance(endMillis - 1);
    expect(limit.signal.aborted).toBe(false);
    clock.advance(1);
    expect(limit.signal.aborted).toBe(true);
  });

  it('leaves no timer behind', () => {
    const clock = createSimulatedClock();
    const limit = startTimeLimit(1_000, clock, () => 0);
    limit.stop();
    clock.advance(2_000);
    expect(limit.signal.aborted).toBe(false);
  });
});
