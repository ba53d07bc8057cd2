// When clients try to come back, in simulated time.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import { createReturnAttempts } from './return-attempts.ts';

function setUp() {
  const clock = createSimulatedClock({ startMicros: 0 });
  const attempts = createReturnAttempts(clock);
  const ends: (() => void)[] = [];
  let begun = 0;
  return {
    clock,
    attempts,
    begun: () => begun,
    /** Each goes on until it is ended. */
    schedule(count: number, delayMillis = 0) {
      for (let one = 0; one < count; one++)
        attempts.schedule(delayMillis, () => {
          begun++;
          return new Promise((resolve) => ends.push(resolve));
        });
    },
    async endAll() {
      for (const end of ends.splice(0)) end();
      await clock.advanceAsync(0);
    },
  };
}

describe('attempts to come back', () => {
  it('begin after their delay', async () => {
    const { clock, schedule, begun } = setUp();
    schedule(1, 500);
    await clock.advanceAsync(499);
    expect(begun()).toBe(0);
    await clock.advanceAsync(1);
    expect(begun()).toBe(1);
  });

  it('begin 80 in 20 ms, however many are due', async () => {
    const { clock, schedule, begun, endAll } = setUp();
    schedule(1_000);
    await clock.advanceAsync(1);
    expect(begun()).toBe(80);
    await endAll();
    expect(begun()).toBe(80);
    await clock.advanceAsync(20);
    expect(begun()).toBe(160);
  });

  it('are at most 1,000 under way, and the next begins when one has ended', async () => {
    const { clock, schedule, begun, endAll } = setUp();
    schedule(5_000);
    await clock.advanceAsync(2_000);
    expect(begun()).toBe(1_000);
    await endAll();
    await clock.advanceAsync(1_000);
    expect(begun()).toBe(2_000);
  });

  it('begin no more once they are stopped', async () => {
    const { clock, schedule, attempts, begun } = setUp();
    schedule(200);
    schedule(1, 500);
    await clock.advanceAsync(1);
    attempts.stop();
    schedule(1);
    await clock.advanceAsync(1_000);
    expect(begun()).toBe(80);
    expect(attempts.isStopped).toBe(true);
  });
});
