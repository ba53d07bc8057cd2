// Waiting for work that may never end: the wait is over as soon as either is, and leaves no timer behind.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../testing/simulated/simulated-clock.ts';
import { untilSettled } from './deadline.ts';

describe('untilSettled', () => {
  it.each([
    ['done', () => Promise.resolve('done')],
    ['failed', () => Promise.reject(new Error('failed'))],
  ])('is over when the work is %s, and leaves no timer', async (_, work) => {
    const clock = createSimulatedClock();
    await untilSettled(clock, work(), 500);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is over after its time', async () => {
    const clock = createSimulatedClock();
    let isOver = false;
    const waiting = untilSettled(clock, new Promise(() => {}), 500).then(() => {
      isOver = true;
    });
    await clock.advanceAsync(499);
    expect(isOver).toBe(false);
    await clock.advanceAsync(1);
    await waiting;
    expect(clock.pendingTimers).toBe(0);
  });
});
