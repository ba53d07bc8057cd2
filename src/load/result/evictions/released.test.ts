// How long a socket stayed open after an eviction, from what was published and the kernels' tables.
import { describe, expect, it } from 'vitest';
import { buildEviction, buildPublishLog } from '../../../testing/builders/eviction-builder.ts';
import type { ObservedQueues } from '../../coordinator/watch/socket-queue-watch.ts';
import type { EvictionPart } from '../../worker/worker-messages.ts';
import { releasedOf } from './released.ts';

const publishLog = buildPublishLog();
const stalled = buildEviction({ endedAtMicros: 30e6, how: 'FIN' });
const lastQueues = { heldBytes: 10_400, unreadBytes: 4_000, unsentBytes: 6_400, isHubSideOpen: true };
const closedAt = (micros: number): ObservedQueues => ({
  closedAtMicros: micros,
  openAtMicros: micros - 1e5,
  lastQueues,
});
const openUntil = (micros: number): ObservedQueues => ({
  closedAtMicros: undefined,
  openAtMicros: micros,
  lastQueues,
});
const read = (eviction: EvictionPart, queues: ObservedQueues | undefined, clientBufferMessages?: number) =>
  releasedOf(eviction, { publishLog, queuesOf: () => queues, clientBufferMessages });

describe('releasedOf', () => {
  it('counts from the event that overflowed a buffer that is known', () => {
    expect(read(stalled, closedAt(3.85e6), 64)).toEqual({ leastMillis: 1_000, mostMillis: 1_000 });
  });

  it('is an interval where the buffer is not known', () => {
    expect(read(stalled, closedAt(3.855e6))).toEqual({ leastMillis: 5, mostMillis: 1_655 });
  });

  it('has no end for a socket that was still open when its client read on', () => {
    const drained = { ...stalled, messages: 300 };
    expect(read(drained, openUntil(16e6))).toEqual({ leastMillis: 11_010, mostMillis: null });
    expect(read(drained, openUntil(16e6), 64)).toEqual({ leastMillis: 13_150, mostMillis: null });
  });

  it('takes a reset of a probe where the kernels show nothing', () => {
    const prober = { ...stalled, how: 'ECONNRESET', endedAtMicros: 3e6, messages: 20 };
    expect(read(prober, undefined)?.leastMillis).toBe(0);
    const late = { ...prober, endedAtMicros: 30e6 };
    const withoutTables = read(late, undefined, 64)?.leastMillis ?? Number.NaN;
    expect(withoutTables).toBeLessThan(read(late, closedAt(30e6), 64)?.leastMillis ?? 0);
    expect(read(stalled, undefined)).toBeNull();
  });

  it('does not judge a client that received everything, did not stall, or ended before its queue filled', () => {
    expect(read({ ...stalled, messages: 400 }, openUntil(16e6))).toBeNull();
    expect(read({ ...stalled, stalledAtMicros: undefined }, closedAt(3e6))).toBeNull();
    expect(read(stalled, closedAt(2e6))).toBeNull();
  });
});
