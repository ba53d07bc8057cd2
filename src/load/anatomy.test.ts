// Where a slow client's bytes were, told from what was published and what the client saw.
import { describe, expect, it } from 'vitest';
import { createPublishLog } from '../ledger/publish-log.ts';
import { describeAnatomies } from './anatomy.ts';
import type { EvictionPart } from './worker-messages.ts';

/** An event of 100 bytes every 10 ms, from 1 s on. */
const log = createPublishLog();
for (let n = 0; n < 400; n++) log.add(['x'.repeat(100)], 1e6 + n * 10_000);

const stalled: EvictionPart = {
  client: 1,
  stalledAtMicros: 1.2e6,
  stalledAfterMessages: 20,
  nextSequenceAtStall: 20,
  messages: 120,
  bytes: 12_000,
  clientKernelBytes: 4_000,
  endedAtMicros: 9e6,
  how: 'Close 1013',
  window: 'small',
};
const prober: EvictionPart = {
  ...stalled,
  client: 2,
  clientKernelBytes: undefined,
  messages: 20,
  how: 'ECONNRESET',
  endedAtMicros: 4e6,
};

describe('the anatomy of an eviction', () => {
  const [read, probed] = describeAnatomies([stalled, prober], log, 1e6);

  it('counts what the kernels hid and what waited in the hub', () => {
    expect(read).toMatchObject({
      kernelMessages: 100,
      kernelBytes: 10_000,
      clientKernelBytes: 4_000,
      hubKernelBytes: 6_000,
      queuedMessages: 65,
      queuedBytes: 6_500,
      tippedByEvent: 186,
    });
  });

  it('tells each time from the one before', () => {
    expect(read).toMatchObject({
      stallToQueueMillis: 1_000,
      queueToOverflowMillis: 650,
      overflowAtMillis: 1_850,
      overflowToClosedMillis: 1_150,
      closedAtMillis: 3_000,
    });
  });

  it('is the same for its sibling that probed and lost what the kernels held', () => {
    expect(probed).toEqual(read);
  });

  it('is unknown for a client that never stopped reading, and where nobody read out', () => {
    const reader = { ...stalled, stalledAtMicros: undefined };
    expect(describeAnatomies([reader], log, 1e6)).toEqual([null]);
    expect(describeAnatomies([prober], log, 1e6)).toEqual([null]);
  });

  it('lends nobody what cannot be its own: a socket is not closed before its queue is full', () => {
    const early = { ...prober, endedAtMicros: 2e6 };
    const [reader, closedEarly] = describeAnatomies([stalled, early], log, 1e6);
    expect(closedEarly).toBeNull();
    expect(reader).toMatchObject({
      overflowAtMillis: 1_850,
      closedAtMillis: null,
      overflowToClosedMillis: null,
    });
  });

  it('names no event that was never published', () => {
    const late = { ...stalled, nextSequenceAtStall: 300, messages: 110 };
    expect(describeAnatomies([late], log, 1e6)[0]).toMatchObject({
      tippedByEvent: null,
      overflowAtMillis: null,
      overflowToClosedMillis: null,
    });
  });
});
