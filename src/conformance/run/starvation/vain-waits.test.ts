// Waits in vain: by the clock, and only the last ones.
import { expect, it } from 'vitest';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import { createVainWaits, MOST_WAITS } from './vain-waits.ts';

it('keeps the last waits, up to the moment at which each was over', () => {
  const clock = createSimulatedClock({ startMicros: 0 });
  const waits = createVainWaits(clock);
  for (let at = 0; at < MOST_WAITS + 5; at++) {
    clock.advance(1);
    waits.add(at);
  }
  expect(waits.all).toHaveLength(MOST_WAITS);
  expect(waits.all[0]).toEqual({ startMicros: 5, endMicros: 6_000 });
  expect(waits.all.at(-1)?.startMicros).toBe(MOST_WAITS + 4);
});
