// Slow clients: who is evicted depends on more than the events that wait (B40), or no longer on them (B12).
import type { Defect } from '../../defect.ts';
import { type HubClient, outstandingMessages } from '../../hub/hub-client.ts';

export const LIMITS_OF_OTHER_KINDS: readonly Defect[] = [
  // One channel for all that goes to a client.
  {
    id: 'pongs-fill-queue',
    bugClass: 'B40',
    summary: 'the Pongs that wait for a client count as messages: one that pings is evicted too early',
    severity: 'medium',
    namedBy: { 'robustness.pings-under-load': 'fail' },
    change: (hub, correct) => {
      const pongs = new WeakMap<HubClient, number>();
      return {
        onPing(client, payload, isInside) {
          if (outstandingMessages(client) > 0) pongs.set(client, (pongs.get(client) ?? 0) + 1);
          correct.onPing(client, payload, isInside);
        },
        deliver(client, message) {
          const events = outstandingMessages(client);
          if (events === 0) pongs.delete(client);
          const waiting = events + (pongs.get(client) ?? 0);
          const isFull = client.phase === 'open' && waiting > hub.options.clientBufferMessages;
          return isFull ? hub.hooks.overflow(client, message) : correct.deliver(client, message);
        },
      };
    },
  },
  // A time limit for each message, beside the number of those that wait.
  {
    id: 'evicts-after-three-seconds',
    bugClass: 'B40',
    summary: 'a client for which an event has waited for three seconds is disconnected, however few wait',
    severity: 'medium',
    namedBy: { 'lifecycle.quiet-hub': 'warn' },
    change: (hub, correct) => ({
      deliver(client, message) {
        hub.after(client, 3_000, () => {
          if (client.queue.includes(message)) hub.drop(client);
        });
        return correct.deliver(client, message);
      },
    }),
  },
  // A client that has caught up is trusted.
  {
    id: 'veteran-never-evicted',
    bugClass: 'B12',
    summary: 'a client that was half a buffer behind and has caught up is never evicted any more',
    severity: 'high',
    namedBy: { 'slow-client.fast-enough-is-kept': 'fail' },
    change: (hub, correct) => {
      const [behind, veterans] = [new WeakSet<HubClient>(), new WeakSet<HubClient>()];
      return {
        deliver(client, message) {
          const waiting = outstandingMessages(client);
          if (waiting > hub.options.clientBufferMessages / 2) behind.add(client);
          if (waiting === 0 && behind.has(client)) veterans.add(client);
          return correct.deliver(client, message);
        },
        overflow: (client, message) =>
          veterans.has(client) ? hub.enqueue(client, message) : correct.overflow(client, message),
      };
    },
  },
];
