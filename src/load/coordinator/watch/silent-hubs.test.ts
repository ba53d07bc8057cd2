// When a hub of several counts as silent, in simulated time.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import type { AtHub, CohortProgress } from '../../worker/worker-messages.ts';
import { createCohortTotals } from '../cohort-progress.ts';
import { createSilentHubWatch, SILENT_HUB_MILLIS } from './silent-hubs.ts';

/** `joined` clients of 10 at each hub. */
function setUp(...joined: number[]) {
  const clock = createSimulatedClock();
  const progress = createCohortTotals(() =>
    joined.map(
      (count, hub) =>
        ({
          name: 'fast',
          hub,
          open: 10,
          joined: count,
          lowestNextSequence: count > 0 ? 50 : -1,
        }) as AtHub<CohortProgress>,
    ),
  );
  const silent = createSilentHubWatch(joined.length, ['fast'], progress, clock);
  return { clock, silent, joined, progress };
}

describe('a silent hub', () => {
  it('delivers nothing for a while after all clients of another have joined', () => {
    const { clock, silent } = setUp(10, 0, 10);
    expect(silent()).toEqual([]);
    clock.advance(SILENT_HUB_MILLIS - 1);
    expect(silent()).toEqual([]);
    clock.advance(1);
    expect(silent()).toEqual([1]);
  });

  it('is none that has delivered something, or whose neighbors wait, too', () => {
    for (const counts of [
      [10, 1],
      [9, 0],
      [0, 0],
    ]) {
      const { clock, silent } = setUp(...counts);
      silent();
      clock.advance(10 * SILENT_HUB_MILLIS);
      expect(silent()).toEqual([]);
    }
  });

  it('is never the only hub', () => {
    const { clock, silent } = setUp(10);
    silent();
    clock.advance(10 * SILENT_HUB_MILLIS);
    expect(silent()).toEqual([]);
  });

  it('is waited for no more, until it delivers', () => {
    const { joined, progress } = setUp(10, 0);
    expect(progress.lowestNextSequence(['fast'])).toBe(-1);
    progress.leaveOut(1);
    expect(progress.lowestNextSequence(['fast'])).toBe(50);
    expect(progress.lowestNextSequence(['fast'], true)).toBe(-1);
    joined[1] = 4;
    expect(progress.sum(['fast'], 'joined', 1)).toBe(4);
    expect(progress.sum(['fast'], 'joined')).toBe(14);
  });
});
