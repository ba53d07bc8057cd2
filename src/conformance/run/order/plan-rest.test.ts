// What comes first after the checks side by side, where these have shown how slow the hub is.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import { promptDelivery } from '../../chapters/delivery/prompt.ts';
import { CHECKS } from '../../registry.ts';
import { planRest } from './plan-rest.ts';

async function firstOf(aloneMillis: number): Promise<string | undefined> {
  const paces = {
    route: { usualMillis: 1 },
    eventWindow: { deliveries: { isSlow: aloneMillis >= 50, aloneMillis } },
  };
  const checks = CHECKS.filter(({ chapter }) => chapter === 'delivery');
  const [target, clock] = [{} as Parameters<typeof planRest>[2], createSimulatedClock()];
  const groups = await planRest(checks, paces, target, clock);
  return groups.flatMap(({ alone }) => alone.map(({ id }) => id))[0];
}

describe('planRest', () => {
  it('begins with the check that reports it where every event is late', async () => {
    expect(await firstOf(250)).toBe(promptDelivery.id);
    expect(await firstOf(100)).not.toBe(promptDelivery.id);
    expect(await firstOf(1)).not.toBe(promptDelivery.id);
  });
});
