// The depth of the queues of known-bad hubs at their real size: a client with a tiny window and events of 256 KiB, of
// which the kernel buffers less than one.
import { describe, expect, it } from 'vitest';
import { hasSmallWindow } from '../../wire/kernel/small-window-socket.ts';
import { startDefectiveHub } from '../registry.ts';
import { join, joinStalled, PRESENCE_MILLIS, publishPaced } from './steps.ts';

const EVENT_BYTES = 262_144;

/** How many events it takes to evict a client that reads none, or undefined when 80 do not. */
async function countToEviction(id: string): Promise<number | undefined> {
  const hub = await startDefectiveHub(id);
  try {
    const stalled = await joinStalled(hub);
    const healthy = await join(hub);
    for (let count = 1; count <= 80; count += 1) {
      const pace = { from: count, bytes: EVENT_BYTES, deadlineMillis: PRESENCE_MILLIS };
      if (!(await publishPaced(hub, healthy, 1, pace))) throw new Error(`event ${count} did not arrive`);
      if (hub.hub.counters.evictions > 0) return count;
    }
    stalled.destroy();
    return undefined;
  } finally {
    await hub.close();
  }
}

describe.skipIf(!hasSmallWindow())('queue depth, with a small window', () => {
  it.each([
    ['correct', 66],
    ['evicts-one-early', 65],
    ['evicts-one-late', 67],
    ['never-evict', undefined],
  ])(
    'of the hub %s: the client is evicted by event %s',
    async (id, count) => {
      expect(await countToEviction(id)).toBe(count);
    },
    60_000,
  );
});
