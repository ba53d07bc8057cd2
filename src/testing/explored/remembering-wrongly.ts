// Hubs that remember something of apps or clients, and find the wrong thing later.
import { encodeFrame, OPCODE } from '../hub/frames.ts';
import type { HookableHub } from '../hub/hookable-hub.ts';
import type { HubClient, HubMessage } from '../hub/hub-client.ts';
import type { HubChange } from '../hub/hub-hooks.ts';

const LARGE_BINARY_BYTES = 1_000;

/** Apps as the keys of a plain object: what its prototype has is found there, and is no room. */
export const roomsInAnObject: HubChange<HookableHub> = (_hub, correct) => {
  const rooms: Record<string, { events: number } | undefined> = {};
  return {
    fanOut(message) {
      const { appId } = JSON.parse(message.text) as { appId: string };
      rooms[appId] ??= { events: 0 };
      const room = rooms[appId];
      if (typeof room?.events !== 'number') return;
      room.events += 1;
      return correct.fanOut(message);
    },
  };
};

/** Sends the last event to whoever looks like a client that was cut off a moment ago. */
export const resumesByHeaders: HubChange<HookableHub> = (hub, correct) => {
  const names = new WeakMap<HubClient, string>();
  const cutOff = new Set<string>();
  let last: HubMessage | undefined;
  return {
    admit(client, writeResponse, request) {
      correct.admit(client, writeResponse, request);
      const name = request.headers['user-agent'];
      if (name === undefined) return;
      names.set(client, name);
      if (cutOff.delete(name) && last !== undefined) hub.enqueue(client, last);
    },
    fanOut(message) {
      last = message;
      return correct.fanOut(message);
    },
    onGone(client, error) {
      const name = names.get(client);
      if (name !== undefined) cutOff.add(name);
      correct.onGone(client, error);
    },
  };
};

/** An eviction is counted as a leave, and the end of the connection again. */
export const countsTwice: HubChange<HookableHub> = (hub, correct) => {
  let difference = 0;
  return {
    evict(client) {
      difference += 1;
      correct.evict(client);
    },
    stats: () => ({ ...correct.stats(), clients: hub.clients.size - difference }),
  };
};

/** What it sent last decides how it is answered. */
export const answersInBinary: HubChange<HookableHub> = (_hub, correct) => {
  const binary = new WeakSet<HubClient>();
  return {
    onMessage(client, opcode, payload) {
      if (opcode === OPCODE.binary && payload.length > LARGE_BINARY_BYTES) binary.add(client);
      correct.onMessage(client, opcode, payload);
    },
    takeNext(client) {
      const message = binary.has(client) ? client.queue.shift() : undefined;
      if (message === undefined) return correct.takeNext(client);
      return encodeFrame(OPCODE.binary, Buffer.from(message.text));
    },
  };
};
