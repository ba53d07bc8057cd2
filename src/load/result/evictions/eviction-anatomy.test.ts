// Where a slow client's bytes were, from what was published, what the client saw, and the socket queues.
import { describe, expect, it } from 'vitest';
import { buildEviction, buildPublishLog, endsAt } from '../../../testing/builders/eviction-builder.ts';
import type { EvictionPart } from '../../worker/worker-messages.ts';
import { type AnatomySources, anatomyOf } from './eviction-anatomy.ts';

type QueuesOf = AnatomySources['queuesOf'];

const log = buildPublishLog();
const stalled = buildEviction();
const prober: EvictionPart = {
  ...stalled,
  client: 2,
  socketEnds: endsAt(5_002),
  clientKernelBytes: undefined,
  messages: 20,
  how: 'ECONNRESET',
  endedAtMicros: 4e6,
};

/** The hub closed both sockets a second after 2.85 s, and its kernel had taken more of the prober. */
const seen: QueuesOf = (ends) => ({
  closedAtMicros: 4e6,
  openAtMicros: 3.9e6,
  lastQueues: {
    heldBytes: ends === endsAt(5_002) ? 15_600 : 10_400,
    unreadBytes: 4_000,
    unsentBytes: 6_400,
    isHubSideOpen: true,
  },
});
const unseen: QueuesOf = () => undefined;
const describeOne = (eviction: EvictionPart, queuesOf: QueuesOf = seen) =>
  anatomyOf(eviction, { queuesOf, publishLog: log, measuredFromMicros: 1e6, clientBufferMessages: 64 });

describe('the anatomy of an eviction', () => {
  const read = describeOne(stalled);

  it('counts what the kernels held and what waited in the hub', () => {
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

  it('measures each time from the one before', () => {
    expect(read).toMatchObject({
      stallToQueueMillis: 1_000,
      queueToOverflowMillis: 650,
      overflowAtMillis: 1_850,
      overflowToClosedMillis: 1_150,
      closedAtMillis: 3_000,
    });
  });

  it('takes what the kernels held of a client that probed from the socket queues', () => {
    expect(describeOne(prober)).toMatchObject({
      kernelMessages: 150,
      kernelBytes: 15_600,
      clientKernelBytes: 4_000,
      tippedByEvent: 236,
      overflowAtMillis: 2_350,
      closedAtMillis: 3_000,
    });
  });

  it('leaves out what the socket queues do not show', () => {
    expect(describeOne(stalled, unseen)).toMatchObject({
      kernelMessages: 100,
      overflowAtMillis: 1_850,
      closedAtMillis: null,
      overflowToClosedMillis: null,
    });
    expect(describeOne(prober, unseen)).toBeNull();
  });

  it('is null for a client that never stopped reading, and for one whose socket was closed before its queue was full', () => {
    expect(describeOne({ ...stalled, stalledAtMicros: undefined })).toBeNull();
    const early: QueuesOf = (ends) => ({
      ...(seen(ends, 0) as NonNullable<ReturnType<QueuesOf>>),
      closedAtMicros: 2e6,
    });
    expect(describeOne(stalled, early)).toBeNull();
  });

  it('says at most how much waited in a hub whose buffer is not known', () => {
    const sources = { publishLog: log, measuredFromMicros: 1e6, clientBufferMessages: undefined };
    expect(anatomyOf(stalled, { ...sources, queuesOf: seen })).toMatchObject({
      isQueueAtMost: true,
      queuedMessages: 181,
      tippedByEvent: null,
      overflowAtMillis: null,
      closedAtMillis: 3_000,
    });
    const neverClosed: QueuesOf = () =>
      ({ ...seen(endsAt(5_001), 0), closedAtMicros: undefined }) as ReturnType<QueuesOf>;
    const drained = { ...stalled, messages: 290, how: 'FIN' };
    expect(anatomyOf(drained, { ...sources, queuesOf: neverClosed })).toMatchObject({
      kernelMessages: 100,
      queuedMessages: 170,
      tippedByEvent: 291,
      closedAtMillis: null,
    });
  });

  it('names no event that was never published', () => {
    expect(describeOne({ ...stalled, nextSequenceAtStall: 300, messages: 110 })).toMatchObject({
      tippedByEvent: null,
      overflowAtMillis: null,
      overflowToClosedMillis: null,
    });
  });
});
