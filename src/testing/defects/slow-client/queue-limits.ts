// Slow clients: the queue has no limit or the wrong one (B12, B40), or an overflow drops events instead of the
// client (B15, B16, B27).
import type { Defect } from '../../defect.ts';
import type { HookableHub } from '../../hub/hookable-hub.ts';
import { type HubClient, outstandingMessages } from '../../hub/hub-client.ts';
import type { HubChange } from '../../hub/hub-hooks.ts';

const RETURN_CHECK_MILLIS = 20;

type Change = HubChange<HookableHub>;

/** Keeps a client whose queue overflows until `isFull`; `limit` is the declared number of messages. */
const evictsLate =
  (isFull: (client: HubClient, limit: number) => boolean): Change =>
  (hub, correct) => ({
    overflow(client, message) {
      if (isFull(client, hub.options.clientBufferMessages)) return correct.overflow(client, message);
      hub.enqueue(client, message);
    },
  });

/** Evicts a client before its queue is full; `limit` is the declared number of messages. */
const evictsEarly =
  (isFull: (outstanding: number, limit: number) => boolean): Change =>
  (hub) => ({
    deliver(client, message) {
      if (client.phase !== 'open') return;
      if (isFull(outstandingMessages(client), hub.options.clientBufferMessages))
        return hub.hooks.overflow(client, message);
      hub.enqueue(client, message);
    },
  });

export const QUEUE_LIMITS: readonly Defect[] = [
  // The hub's memory grows, and the client gets everything once it reads.
  {
    id: 'never-evict',
    bugClass: 'B12',
    summary: 'a stalled client is never evicted; its queue has no limit',
    severity: 'critical',
    namedBy: { 'slow-client.evicted': 'fail' },
    change: (hub) => ({ overflow: (client, message) => hub.enqueue(client, message) }),
  },
  // With small events the queue has no useful limit.
  {
    id: 'evict-by-bytes',
    bugClass: 'B12',
    summary: 'a stalled client is evicted only after 256 MiB are queued, however many messages that is',
    severity: 'critical',
    namedBy: { 'slow-client.evicted': 'fail' },
    change: evictsLate((client) => {
      const queuedBytes = client.queue.reduce((bytes, queued) => bytes + queued.frame.length, 0);
      return queuedBytes > 256 * 1_048_576;
    }),
  },
  // A stalled client costs 4,096 times the largest event.
  {
    id: 'queue-of-4096',
    bugClass: 'B12',
    summary: 'a stalled client is evicted only after 4,096 queued messages',
    severity: 'critical',
    namedBy: { 'slow-client.evicted': 'fail' },
    change: evictsLate((client) => client.queue.length > 4_096),
  },
  // 1,024 instead of 64 messages, a common channel size.
  {
    id: 'queue-sixteen-fold',
    bugClass: 'B40',
    summary: 'a client is evicted after sixteen times the declared number of messages',
    severity: 'medium',
    namedBy: { 'slow-client.depth': 'fail' },
    change: evictsLate((client, limit) => outstandingMessages(client) > limit * 16),
  },
  // As where one constant was meant for two queues.
  {
    id: 'queue-half-as-long',
    bugClass: 'B40',
    summary: 'a client is evicted when half of its declared buffer is full',
    severity: 'medium',
    namedBy: { 'slow-client.depth': 'fail' },
    change: evictsEarly((outstanding, limit) => outstanding > limit / 2),
  },
  // 63 instead of 64: the 65th outstanding message evicts.
  {
    id: 'evicts-one-early',
    bugClass: 'B40',
    summary: 'a client is evicted one message too early',
    severity: 'medium',
    namedBy: { 'slow-client.depth': 'warn' },
    change: evictsEarly((outstanding, limit) => outstanding >= limit),
  },
  // 65 instead of 64: the 66th outstanding message is kept.
  {
    id: 'evicts-one-late',
    bugClass: 'B40',
    summary: 'a client is evicted one message too late',
    severity: 'medium',
    namedBy: { 'slow-client.depth': 'fail' },
    change: evictsLate((client, limit) => outstandingMessages(client) > limit + 1),
  },
  // A full socket counts as a slow client, and the queue is hardly used.
  {
    id: 'no-patience',
    bugClass: 'B40',
    summary: 'a client that is a few messages behind is disconnected',
    severity: 'high',
    namedBy: { 'slow-client.fast-enough-is-kept': 'fail', 'slow-client.depth': 'fail' },
    change: evictsEarly((outstanding) => outstanding > 8),
  },
  // The limit of a library on the bytes that it has not handed over yet, beside the hub's own.
  {
    id: 'evicts-behind-large',
    bugClass: 'B40',
    summary:
      'a client that is still being written an event of more than 1.5 MiB is evicted by the next event',
    severity: 'medium',
    namedBy: { 'slow-client.depth': 'fail' },
    change: (_hub, correct) => {
      const written = new WeakMap<HubClient, number>();
      return {
        deliver(client, message) {
          const bytes = client.inFlight === 'message' ? (written.get(client) ?? 0) : 0;
          if (bytes <= 1.5 * 1_048_576) return correct.deliver(client, message);
          return correct.overflow(client, message);
        },
        writeFrame(client, frame, kind, done) {
          if (kind === 'message') written.set(client, frame.length);
          correct.writeFrame(client, frame, kind, done);
        },
      };
    },
  },
  // A `select` with an empty `default`. Once the stalled client reads, it has a gap after its 65th outstanding
  // event.
  {
    id: 'drop-newest',
    bugClass: 'B15',
    summary: 'events that do not fit in the queue of a client are dropped, and the client is kept',
    severity: 'high',
    namedBy: { 'slow-client.evicted': 'fail' },
    change: () => ({ overflow() {} }),
  },
  // The backlog of the stalled client has a gap in the middle.
  {
    id: 'drop-oldest',
    bugClass: 'B16',
    summary: 'the oldest queued event is dropped to make room, and the client is kept',
    severity: 'high',
    namedBy: { 'slow-client.evicted': 'fail' },
    change: (hub) => ({
      overflow(client, message) {
        client.queue.shift();
        hub.enqueue(client, message);
      },
    }),
  },
  // A client that reads in between has a gap.
  {
    id: 'drops-one-then-evicts',
    bugClass: 'B27',
    summary: 'the first event that does not fit is dropped; only the next one evicts the client',
    severity: 'high',
    namedBy: { 'slow-client.depth': 'fail' },
    change: (hub) => {
      const warned = new WeakSet<HubClient>();
      return {
        overflow(client) {
          if (warned.has(client)) hub.hooks.evict(client);
          warned.add(client);
        },
      };
    },
  },
  // The client goes back into the set when its queue is empty: prefix, gap and suffix on one connection.
  {
    id: 'post-gap',
    bugClass: 'B27',
    summary: 'an evicted client gets later events once it reads again, after a gap',
    severity: 'high',
    namedBy: { 'slow-client.contiguous-prefix': 'fail' },
    change(hub) {
      function takeBackWhenDrained(client: HubClient): void {
        hub.after(client, RETURN_CHECK_MILLIS, () => {
          const isDrained = client.queue.length === 0 && client.inFlight === 'nothing';
          if (isDrained) hub.clients.add(client);
          else takeBackWhenDrained(client);
        });
      }
      return {
        evict(client) {
          hub.counters.evictions += 1;
          hub.clients.delete(client);
          takeBackWhenDrained(client);
        },
      };
    },
  },
];
