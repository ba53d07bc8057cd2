// Pressure fills kernels with large events, counts in small ones, and ends when a bound in messages and bytes waits in the hub.
import { describe, expect, it } from 'vitest';
import { createPressureSteps, limitsOf } from './pressure-steps.ts';

const plan = {
  hasSmallWindow: true,
  isBehindProxy: false,
  clientBufferMessages: undefined,
  clients: 25,
  stalledClients: 20,
};

/** A hub with this many messages for a client, behind kernels that hold so much; resolves with whether it evicted. */
function press(hubMessages: number, clientBufferMessages?: number) {
  const steps = createPressureSteps(limitsOf({ ...plan, clientBufferMessages }));
  const kernelsBytes = 300_000;
  let [queued, queuedBytes, inKernels, events] = [0, 0, 0, 0];
  while (!steps.isOver({ messages: queued, bytes: queuedBytes }) && queued <= hubMessages) {
    const bytes = steps.eventBytes({ messages: queued, bytes: queuedBytes });
    if (inKernels + bytes <= kernelsBytes) inKernels += bytes;
    else {
      queued++;
      queuedBytes += bytes;
    }
    events++;
    steps.add(1, bytes);
  }
  return { isEvicted: queued > hubMessages, events, sent: steps.sent() };
}

describe('createPressureSteps', () => {
  it.each([16, 64, 65, 512, 1_024])(
    'goes on until a hub with %i messages for each client evicts',
    (messages) => {
      const { isEvicted, events, sent } = press(messages);
      expect(isEvicted).toBe(true);
      expect(sent.events).toBe(events);
      expect(sent.bytes).toBeLessThan(2 ** 20);
    },
  );

  it('ends at a hub without a limit, beyond 2,048 messages and 4 MiB', () => {
    const { isEvicted, sent } = press(Number.POSITIVE_INFINITY);
    expect(isEvicted).toBe(false);
    expect(sent.events).toBeGreaterThan(2_048);
    expect(sent.bytes).toBeGreaterThan(4 * 2 ** 20);
    expect(sent.bytes).toBeLessThan(6 * 2 ** 20);
  });

  it('takes the bound from the buffer that the plan names', () => {
    expect(press(4_000, 4_000).isEvicted).toBe(true);
    expect(press(400, 64).isEvicted).toBe(false);
  });

  it('counts what was sent where nobody can look into the kernels', () => {
    const steps = createPressureSteps(limitsOf(plan));
    expect(steps.eventBytes(undefined)).toBe(8_192);
    steps.add(128, 8_192);
    expect(steps.eventBytes(undefined)).toBe(256);
    steps.add(2_048, 256);
    expect([steps.isOver(undefined), steps.eventBytes(undefined)]).toEqual([false, 8_192]);
    steps.add(512, 8_192);
    expect(steps.isOver(undefined)).toBe(true);
  });
});

describe('limitsOf', () => {
  it('spares the memory of a hub with many stalled clients', () => {
    expect(limitsOf({ ...plan, stalledClients: 200 }).queueBytes).toBeLessThan(2 ** 21);
    expect(limitsOf({ ...plan, clients: 100_000 }).queueBytes).toBe(2 ** 19);
  });
});
