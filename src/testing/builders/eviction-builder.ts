// Evictions for tests: a client that stopped reading, and the events that were published meanwhile.
import { createPublishLog, type PublishLog } from '../../ledger/published/publish-log.ts';
import type { EvictionPart } from '../../load/worker/worker-messages.ts';

/** Of a client with this port. */
export const endsAt = (port: number): string => `127.0.0.1:${port}>127.0.0.1:8800`;

/** An event of 100 bytes every 10 ms, from 1 s to 5 s. */
export function buildPublishLog(): PublishLog {
  const log = createPublishLog();
  for (let n = 0; n < 400; n++) log.add(['x'.repeat(100)], 1e6 + n * 10_000);
  return log;
}

/** Read 20 events; the kernels held 100, so that event 120 is the first in the hub's queue, at 2.2 s. */
export function buildEviction(change: Partial<EvictionPart> = {}): EvictionPart {
  return {
    hub: 0,
    client: 1,
    socketEnds: endsAt(5_001),
    stalledAtMicros: 1.2e6,
    stalledAfterMessages: 20,
    nextSequenceAtStall: 20,
    messages: 120,
    bytes: 12_000,
    clientKernelBytes: 4_000,
    endedAtMicros: 9e6,
    how: 'Close 1013',
    window: 'small',
    ...change,
  };
}
