// The middle of a program on a hub made by hand: it ends in time, however slow the hub is.
import { expect, it } from 'vitest';
import { planProgram } from '../../program/plan.ts';
import type { HubSession } from '../hub-session.ts';
import type { Publisher } from './publisher.ts';
import { publishAll } from './publishing-phase.ts';

const BOUNDS = {
  clientBufferMessages: 64,
  windowEvents: 32,
  eventBytes: 65_536,
  hasSmallWindow: true,
  canRestart: true,
  hasIpv6: false,
  silenceMillis: 7_000,
  mostClients: 1_000,
  mostEvents: Number.POSITIVE_INFINITY,
};

it.each([
  [10, 800],
  [1_000, 208],
])('with %i ms for eight events, of 800 events %i are published', async (chunkMillis, expected) => {
  let [nowMillis, published] = [0, 0];
  const session = { nowMillis: () => nowMillis, parts: { signal: new AbortController().signal } };
  const publisher = {
    isStuck: false,
    async publish(shapes: readonly unknown[]) {
      nowMillis += chunkMillis;
      published += shapes.length;
    },
  };
  const plan = { ...planProgram({ seed: 1, factors: { events: 800 } }, BOUNDS), chunkEvents: 8 };
  await publishAll(session as unknown as HubSession, plan, publisher as unknown as Publisher, {
    clients: [],
    senders: [],
    paused: [],
  });
  expect(published).toBe(expected);
});
