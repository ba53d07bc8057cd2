// Known-bad hubs whose queues are wrong only at a limit: of time, of evictions at once, of depth.
import type { HookableHub } from '../hub/hookable-hub.ts';
import type { HubMessage } from '../hub/hub-client.ts';
import type { HubChange } from '../hub/hub-hooks.ts';

const QUEUED_FOR_MILLIS = 5_000;
const MOST_LEVELS = 64;

/** What has waited for five seconds is not written. */
export const queuedEventsExpire: HubChange<HookableHub> = (hub, correct) => {
  const queuedAt = new WeakMap<HubMessage, number>();
  return {
    deliver(client, message) {
      if (!queuedAt.has(message)) queuedAt.set(message, hub.options.clock.nowMicros());
      return correct.deliver(client, message);
    },
    takeNext(client) {
      const oldest = hub.options.clock.nowMicros() - QUEUED_FOR_MILLIS * 1e3;
      while (client.queue[0] && (queuedAt.get(client.queue[0]) ?? 0) < oldest) client.queue.shift();
      return correct.takeNext(client);
    },
  };
};

/** Of several clients whose buffers are full the first is evicted, and the others miss the event. */
export const oneEvictionPerEvent: HubChange<HookableHub> = (_hub, correct) => {
  let evictedAt = -1;
  return {
    overflow(client, message) {
      if (evictedAt === message.number) return;
      evictedAt = message.number;
      return correct.overflow(client, message);
    },
  };
};

/** Accepted, and never delivered. */
export const deepEventsDropped: HubChange<HookableHub> = (_hub, correct) => ({
  fanOut: (message) => (levelsOf(message.text) > MOST_LEVELS ? undefined : correct.fanOut(message)),
});

function levelsOf(text: string): number {
  let [level, most] = [0, 0];
  for (const char of text)
    if (char === '{' || char === '[') most = Math.max(most, ++level);
    else if (char === '}' || char === ']') level--;
  return most;
}
