// Lifecycle: healthy clients are disconnected (B39), and clients that left are kept (B18, B26).
import type { Defect } from '../../defect.ts';
import type { HookableHub } from '../../hub/hookable-hub.ts';
import type { HubClient } from '../../hub/hub-client.ts';
import type { HubChange } from '../../hub/hub-hooks.ts';

type Change = HubChange<HookableHub>;

/** Evicts a client that has been sent this many messages in all. */
const evictsAfter =
  (messages: number): Change =>
  (hub, correct) => ({
    deliver(client, message) {
      if (client.deliveredMessages >= messages) return hub.hooks.overflow(client, message);
      return correct.deliver(client, message);
    },
  });

export const HEALTHY_CLIENTS_CUT: readonly Defect[] = [
  // The counter of queued messages never goes down.
  {
    id: 'lifetime-quota',
    bugClass: 'B39',
    summary: 'every client is disconnected after 64 messages',
    severity: 'medium',
    namedBy: { 'robustness.pings-under-load': 'fail', 'delivery.thousand-events-to-one': 'fail' },
    change: evictsAfter(64),
  },
  {
    id: 'lifetime-quota-500',
    bugClass: 'B39',
    summary: 'every client is disconnected after 500 messages',
    severity: 'medium',
    namedBy: { 'delivery.thousand-events-to-one': 'fail' },
    change: evictsAfter(500),
  },
  {
    id: 'lifetime-quota-1024',
    bugClass: 'B39',
    summary: 'every client is disconnected after 1,024 messages',
    severity: 'medium',
    namedBy: { 'delivery.thousand-events-to-one': 'fail' },
    change: evictsAfter(1_024),
  },
  // A penalty that is never forgiven.
  {
    id: 'sixth-lag-evicts',
    bugClass: 'B39',
    summary:
      'a client is evicted when a quarter of its buffer fills for the sixth time, though it caught up each time',
    severity: 'medium',
    namedBy: { 'slow-client.fast-enough-is-kept': 'fail' },
    change(hub, correct) {
      const lags = new WeakMap<HubClient, number>();
      return {
        deliver(client, message) {
          const isLagging = client.queue.length === hub.options.clientBufferMessages / 4;
          const count = (lags.get(client) ?? 0) + (isLagging ? 1 : 0);
          lags.set(client, count);
          if (isLagging && count === 6) return hub.hooks.overflow(client, message);
          return correct.deliver(client, message);
        },
      };
    },
  },
  // There is no read pump. The descriptor stays open until a write fails.
  {
    id: 'ignores-half-close',
    bugClass: 'B18',
    summary: 'a client that ends its side without a Close is kept',
    severity: 'high',
    namedBy: { 'lifecycle.half-close-ends': 'fail' },
    change: () => ({ onHalfClose() {} }),
  },
  // The reader waits for the rest of the message, and takes the end of the stream for a pause.
  {
    id: 'ignores-half-close-inside-text',
    bugClass: 'B18',
    summary: 'a client that ends its side in the middle of a message is kept',
    severity: 'high',
    namedBy: { 'lifecycle.nothing-leaks': 'fail' },
    change: (_hub, correct) => ({
      onHalfClose(client, isInsideMessage) {
        if (!isInsideMessage) correct.onHalfClose(client);
      },
    }),
  },
  // Clients that left stay in the map: `stats` counts them, and memory grows.
  {
    id: 'unregister-leak',
    bugClass: 'B18',
    summary: 'clients that left are counted forever',
    severity: 'high',
    namedBy: { 'lifecycle.nothing-leaks': 'fail' },
    change(hub, correct) {
      let ghosts = 0;
      return {
        onGone(client, error) {
          ghosts += 1;
          correct.onGone(client, error);
        },
        stats: () => ({ ...correct.stats(), clients: hub.clients.size + ghosts }),
      };
    },
  },
  // A client whose machine has vanished is kept forever. Judged only where a ping period is declared.
  {
    id: 'never-pings',
    bugClass: 'B26',
    summary: 'the hub never pings, and never detects a dead peer',
    severity: 'advisory',
    namedBy: { 'lifecycle.pings-come': 'warn', 'lifecycle.dead-peer-found': 'warn' },
    pingIntervalMillis: 300,
    change: () => ({ keepAlive() {} }),
  },
  {
    id: 'pings-without-deadline',
    bugClass: 'B26',
    summary: 'the hub pings, but keeps a client that never answers',
    severity: 'advisory',
    namedBy: { 'lifecycle.dead-peer-found': 'warn' },
    pingIntervalMillis: 300,
    change: (_hub, correct) => ({
      keepAlive(client) {
        client.unansweredPings = 0;
        correct.keepAlive(client);
      },
    }),
  },
  // What a new client is sent first overlaps with the broadcast that is on its way.
  {
    id: 'newcomer-cut',
    bugClass: 'B39',
    summary: 'one in ten clients that connect while an event is broadcast is disconnected right after 101',
    severity: 'high',
    namedBy: { 'delivery.newcomers-while-busy': 'fail' },
    change(hub, correct) {
      let lastFanOutMicros = Number.NEGATIVE_INFINITY;
      return {
        fanOut(message) {
          lastFanOutMicros = hub.options.clock.nowMicros();
          return correct.fanOut(message);
        },
        admit(client, writeResponse, request) {
          correct.admit(client, writeResponse, request);
          const isBusy = hub.options.clock.nowMicros() - lastFanOutMicros < 50_000;
          if (isBusy && hub.options.random() < 0.1) hub.after(client, 5, () => hub.drop(client));
        },
      };
    },
  },
];
