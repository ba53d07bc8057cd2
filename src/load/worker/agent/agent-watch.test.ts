// When a worker process gives up the agent that it belongs to.
import { expect, it } from 'vitest';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import { createAgentWatch } from './agent-watch.ts';

it('is silent once it has handed out no time for 15 s; on one machine nobody hands it out', () => {
  const clock = createSimulatedClock();
  let silences = 0;
  const watch = createAgentWatch(clock, () => silences++);
  clock.advance(60_000);
  for (let at = 0; at < 10; at++) {
    watch.heard();
    clock.advance(10_000);
  }
  expect(silences).toBe(0);
  clock.advance(10_000);
  expect([silences, clock.pendingTimers]).toEqual([1, 0]);
});
