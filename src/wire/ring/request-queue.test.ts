// A queue of two requests, and a kernel that takes them or not.
import { expect, it } from 'vitest';
import { RequestQueue } from './request-queue.ts';
import type { RingCalls } from './ring-calls.ts';
import type { RingMemory } from './ring-memory.ts';

const ASKER = { fd: 5, generation: 1 };

function openQueue() {
  const kernel = { isBusy: true };
  const memory = {
    fd: 3,
    requests: 2,
    words: new Uint32Array(8),
    request: { tail: 0, flags: 1, mask: 1, array: 2 },
    requestEntries: new DataView(new ArrayBuffer(2 * 64)),
  } as unknown as RingMemory;
  const calls = {
    enter: (_ring: number, submit: number) => (kernel.isBusy ? -1 : submit),
    lastError: () => 'EBUSY',
  } as unknown as RingCalls;
  return { kernel, queue: new RequestQueue(calls, memory) };
}

it('keeps requests for a kernel that is busy for a moment', () => {
  const { kernel, queue } = openQueue();
  for (const id of [1, 2]) queue.receive(id, ASKER);
  expect([queue.submit(), queue.unsubmitted]).toEqual([true, 2]);
  kernel.isBusy = false;
  expect([queue.submit(), queue.unsubmitted]).toEqual([true, 0]);
});

it('submits what is in a full queue before it takes another', () => {
  const { kernel, queue } = openQueue();
  kernel.isBusy = false;
  for (const id of [1, 2, 3]) queue.receive(id, ASKER);
  expect([queue.unsubmitted, queue.submit()]).toEqual([1, true]);
});

it('says that it is of no use any more once a request was lost', () => {
  const { kernel, queue } = openQueue();
  for (const id of [1, 2, 3]) queue.receive(id, ASKER);
  kernel.isBusy = false;
  expect(queue.submit()).toBe(false);
});
