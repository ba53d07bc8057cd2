// What is shown of agents, on a simulated clock.
import { expect, it } from 'vitest';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import type { FleetAgent } from './fleet.ts';
import { createAgentsView } from './view-agents.ts';

function setUp() {
  const clock = createSimulatedClock();
  const workers = [0, 1, 2].map(() => ({ open: 10, deliveries: 0, lateMicros: 500 }));
  const agent = { host: 'h', clockContradictions: 0, resentMessages: 0, clockErrorMicros: 120.4 };
  const agents: FleetAgent[] = [
    { ...agent, name: 'a', firstWorker: 0, workers: 2, lastBeatMillisAgo: 210.7 },
    { ...agent, name: 'b', firstWorker: 2, workers: 1, lastBeatMillisAgo: 6_000, lost: 'agent b is lost' },
  ];
  return { clock, workers, look: createAgentsView(clock, { agents: () => agents }, () => workers) };
}

it('is the sum of its workers, the largest of their delays, and whether it is lost', () => {
  const { look } = setUp();
  const [a, b] = look();
  expect(a).toEqual({
    ...{ name: 'a', clients: 20, deliveries: 0, deliveriesPerSecond: 0, eventLoopDelayMicros: 500 },
    ...{ clockErrorMicros: 120, lastBeatMillisAgo: 211, isLost: false },
  });
  expect(b).toMatchObject({ clients: 10, isLost: true });
});

it('is a rate over the last second, and a stall stays in view for one', () => {
  const { clock, workers, look } = setUp();
  look();
  const [first] = workers;
  if (first === undefined) throw new Error('there is one');
  for (let at = 0; at < 20; at++) {
    clock.advance(100);
    first.deliveries += 40;
    first.lateMicros = at === 5 ? 80_000 : 500;
    const [a] = look();
    if (at < 9) expect(a?.deliveriesPerSecond).toBe(0);
    else expect(a?.deliveriesPerSecond).toBe(400);
    expect(a?.eventLoopDelayMicros).toBe(at < 5 || at === 19 ? 500 : 80_000);
  }
});
