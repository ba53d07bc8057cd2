// Phases and waits of a run on a simulated clock: deadlines, early stops, and what is still waited for after them.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import type { PhaseName } from '../plan/phase.ts';
import { RunControl } from './run-control.ts';

function setUp() {
  const clock = createSimulatedClock({ startMicros: 0 });
  const looks: PhaseName[] = [];
  return { clock, looks, control: new RunControl(clock, (phase) => looks.push(phase)) };
}

const never = () => false;

describe('the control of a run', () => {
  it('notes when each phase began, and looks while it waits', async () => {
    const { clock, control, looks } = setUp();
    control.enter('connect');
    const paused = control.pauseUntil(100_000);
    await clock.advanceAsync(100);
    await paused;
    control.enter('steady');
    expect(control.phases).toEqual([
      { name: 'connect', fromMicros: 0 },
      { name: 'steady', fromMicros: 100_000 },
    ]);
    expect(looks).toEqual(['connect', 'connect', 'connect', 'steady']);
  });

  it('ends a wait at its deadline', async () => {
    const { clock, control } = setUp();
    const wait = control.waitUntil(never, 1_000);
    await clock.advanceAsync(1_000);
    expect(await wait).toBe(false);
    expect(clock.nowMicros()).toBe(1e6);
  });

  it('ends waits and keeps the first reason when the run is stopped', async () => {
    const { clock, control } = setUp();
    const wait = control.waitUntil(never, 60_000);
    control.stopEarly('target', 'the hub died');
    control.stopEarly('user', 'interrupted');
    await clock.advanceAsync(50);
    expect(await wait).toBe(false);
    expect(control.stop).toEqual({ by: 'target', because: 'the hub died' });
    expect(control.signal.aborted).toBe(true);
  });

  it.each([
    ['user', 2_000],
    ['target', 0],
    ['kit', 15_000],
  ] as const)('waits for the rest after a stop by the %s for at most %i ms', async (by, millis) => {
    const { clock, control } = setUp();
    control.stopEarly(by, 'stopped');
    let endedAtMillis = -1;
    const wait = control.waitForRest(never, 15_000).then(() => {
      endedAtMillis = clock.nowMicros() / 1e3;
    });
    await clock.advanceAsync(20_000);
    await wait;
    expect(endedAtMillis).toBe(millis);
  });
});
