// Slow clients: an eviction kills the process (B03) or costs other clients events (B04), and healthy readers are
// evicted (B13).
import type { Defect } from '../../defect.ts';
import { type HubClient, outstandingMessages } from '../../hub/hub-client.ts';

/** Of a buffer. */
const BACKLOG_SHARE = 0.25;

export const EVICTION_HARMS_OTHERS: readonly Defect[] = [
  // Eviction closes the client's channel but leaves the client in the map; the next broadcast sends on a closed
  // channel.
  {
    id: 'crash-after-eviction',
    bugClass: 'B03',
    summary: 'the process dies on the first event after an eviction',
    severity: 'critical',
    namedBy: { 'slow-client.evicted': 'fail' },
    change(hub, correct) {
      let hasClosedChannel = false;
      return {
        fanOut(message) {
          if (!hasClosedChannel) return correct.fanOut(message);
          hub.crash('panic: send on closed channel');
        },
        evict(client) {
          hasClosedChannel = true;
          correct.evict(client);
        },
      };
    },
  },
  // Eviction closes the client's channel, and so does its unregistration when the connection ends.
  {
    id: 'crash-when-victim-leaves',
    bugClass: 'B03',
    summary: 'the process dies when the socket of an evicted client closes',
    severity: 'critical',
    namedBy: { 'slow-client.evicted': 'fail' },
    change(hub, correct) {
      const victims = new WeakSet<HubClient>();
      return {
        evict(client) {
          victims.add(client);
          correct.evict(client);
        },
        onGone(client, error) {
          correct.onGone(client, error);
          if (victims.has(client)) hub.crash('panic: close of closed channel');
        },
      };
    },
  },
  // A `break` or `return` in the loop over the clients, whose order is random, as in a Go map.
  {
    id: 'eviction-aborts-fan-out',
    bugClass: 'B04',
    summary: 'the event that evicts a client does not reach the clients after it',
    severity: 'critical',
    namedBy: { 'slow-client.others-unharmed': 'fail' },
    change: (hub) => ({
      async fanOut(message) {
        const order = [...hub.clients].map((client) => ({ client, rank: hub.options.random() }));
        for (const { client } of order.sort((left, right) => left.rank - right.rank)) {
          const evictionsBefore = hub.counters.evictions;
          await hub.hooks.deliver(client, message);
          if (hub.counters.evictions > evictionsBefore) return;
        }
      },
    }),
  },
  // Clients are kept in an array, and removing one while iterating skips the next.
  {
    id: 'eviction-skips-next',
    bugClass: 'B04',
    summary: 'the event that evicts a client does not reach the one that joined after it',
    severity: 'critical',
    namedBy: { 'slow-client.others-unharmed': 'fail' },
    change: (hub) => ({
      async fanOut(message) {
        const list = [...hub.clients];
        for (let index = 0; index < list.length; index += 1) {
          const client = list[index];
          if (client === undefined) continue;
          await hub.hooks.deliver(client, message);
          if (!hub.clients.has(client)) list.splice(index, 1);
        }
      },
    }),
  },
  // They are evicted although their queues have room.
  {
    id: 'evicts-all-behind',
    bugClass: 'B04',
    summary: 'when one client overflows, every client with some backlog is evicted',
    severity: 'high',
    namedBy: { 'slow-client.others-unharmed': 'fail' },
    change: (hub, correct) => ({
      evict(client) {
        const behindMessages = BACKLOG_SHARE * hub.options.clientBufferMessages;
        for (const other of [...hub.clients])
          if (other !== client && outstandingMessages(other) > behindMessages) correct.evict(other);
        correct.evict(client);
      },
    }),
  },
  // As a cache makes room: the one that has had the most goes.
  {
    id: 'evicts-someone-else',
    bugClass: 'B04',
    summary:
      'when a queue is full, the client that is behind and has received most of all is evicted instead',
    severity: 'high',
    namedBy: { 'slow-client.others-unharmed': 'fail' },
    change: (hub, correct) => ({
      overflow(client, message) {
        const behindMessages = hub.options.clientBufferMessages / 8;
        const [victim = client] = [...hub.clients]
          .filter((other) => outstandingMessages(other) > behindMessages)
          .sort((left, right) => right.deliveredMessages - left.deliveredMessages);
        hub.hooks.evict(victim);
        if (victim !== client) return correct.deliver(client, message);
      },
    }),
  },
  // As hubs built after the protocol's diagram do: the run loop hands out all events before any writer gets a
  // turn.
  {
    id: 'burst-evicts-readers',
    bugClass: 'B13',
    summary: 'a burst of more than 65 events evicts healthy readers',
    severity: 'advisory',
    namedBy: { 'delivery.burst-survived': 'warn' },
    change: (_hub, correct) => ({
      yieldToSockets: () => Promise.resolve(),
      writeFrame(client, frame, kind, done) {
        setImmediate(() => correct.writeFrame(client, frame, kind, done));
      },
    }),
  },
  // A burst of 64 to an idle reader ends its connection.
  {
    id: 'rate-limits-readers',
    bugClass: 'B13',
    summary: 'a reader that keeps up is evicted by more than 40 events within 200 ms',
    severity: 'high',
    namedBy: { 'slow-client.burst-of-a-buffer': 'fail' },
    change(hub, correct) {
      const sentMicros = new WeakMap<HubClient, number[]>();
      return {
        deliver(client, message) {
          const nowMicros = hub.options.clock.nowMicros();
          const recent = (sentMicros.get(client) ?? []).filter((at) => nowMicros - at < 200_000);
          sentMicros.set(client, [...recent, nowMicros]);
          if (recent.length >= 40) return hub.hooks.overflow(client, message);
          return correct.deliver(client, message);
        },
      };
    },
  },
];
