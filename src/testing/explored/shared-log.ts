// A correct hub without queues: one log of events for all, and for each client a position in it. A client whose position
// is more than a buffer behind is evicted.
import type { HookableHub } from '../hub/hookable-hub.ts';
import type { HubClient } from '../hub/hub-client.ts';
import type { HubChange } from '../hub/hub-hooks.ts';

export const sharedLog: HubChange<HookableHub> = (hub, correct) => {
  const frames = new Map<number, Buffer>();
  const positions = new WeakMap<HubClient, number>();
  let end = 0;
  return {
    fanOut(message) {
      frames.set(end++, message.frame);
      frames.delete(end - 1 - 2 * hub.options.clientBufferMessages);
      return correct.fanOut(message);
    },
    admit(client, writeResponse, request) {
      positions.set(client, end);
      correct.admit(client, writeResponse, request);
    },
    deliver(client, message) {
      if (client.phase !== 'open') return;
      const waiting = end - (positions.get(client) ?? end) - 1 + (client.inFlight === 'message' ? 1 : 0);
      if (waiting > hub.options.clientBufferMessages) return hub.hooks.overflow(client, message);
      hub.pump(client);
    },
    takeNext(client) {
      const position = positions.get(client) ?? end;
      if (client.phase !== 'open' || position >= end) return undefined;
      positions.set(client, position + 1);
      return frames.get(position);
    },
  };
};
