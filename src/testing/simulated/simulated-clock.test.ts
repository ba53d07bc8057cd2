// The simulated clock itself: tests of timed logic depend on it.
import { describe, expect, it } from 'vitest';
import { DeadlineError, pause, withDeadline } from '../../time/deadline.ts';
import { createSimulatedClock } from './simulated-clock.ts';

describe('simulated clock', () => {
  it('stands still until it is moved', () => {
    const clock = createSimulatedClock({ startMicros: 5_000, startWallMillis: 100 });
    expect(clock.nowMicros()).toBe(5_000);
    clock.advance(7);
    expect(clock.nowMicros()).toBe(12_000);
    expect(clock.wallMillis()).toBe(107);
  });

  it('fires timers in due order, ties in the order they were set, each seeing its own time', () => {
    const clock = createSimulatedClock({ startMicros: 0 });
    const fired: string[] = [];
    const note = (name: string) => () => fired.push(`${name}@${clock.nowMicros() / 1_000}`);
    clock.after(20, note('c'));
    clock.after(10, note('a'));
    clock.after(10, note('b'));
    clock.after(31, note('late'));
    clock.advance(30);
    expect(fired).toEqual(['a@10', 'b@10', 'c@20']);
    expect(clock.pendingTimers).toBe(1);
  });

  it('fires a timer set by another timer when it is due on the way', () => {
    const clock = createSimulatedClock({ startMicros: 0 });
    const firedAtMillis: number[] = [];
    const tick = (): void => {
      firedAtMillis.push(clock.nowMicros() / 1_000);
      if (firedAtMillis.length < 3) clock.after(10, tick);
    };
    clock.after(10, tick);
    clock.advance(100);
    expect(firedAtMillis).toEqual([10, 20, 30]);
  });

  it('never fires a cancelled timer, and cancelling twice does nothing', () => {
    const clock = createSimulatedClock();
    let fired = 0;
    const timer = clock.after(1, () => {
      fired += 1;
    });
    timer.cancel();
    timer.cancel();
    clock.advance(10);
    expect(fired).toBe(0);
  });

  it('carries awaited pauses and deadlines without real time', async () => {
    const clock = createSimulatedClock({ startMicros: 0 });
    const steps: number[] = [];
    const walk = (async () => {
      for (const millis of [1_000, 2_000, 3_000]) {
        await pause(clock, millis);
        steps.push(clock.nowMicros() / 1_000);
      }
    })();
    const late = withDeadline(clock, new Promise(() => {}), 4_000, 'answer').catch((error: unknown) => error);
    await clock.advanceAsync(6_000);
    await walk;
    expect(steps).toEqual([1_000, 3_000, 6_000]);
    expect(await late).toBeInstanceOf(DeadlineError);
  });
});
