// Known-bad hubs that need two unusual things at once, or many of one: no single check provokes them, the exploration
// must. They are not part of the kill matrix.
import type { Defect } from '../defect.ts';
import { encodesAs } from '../defects/shared-changes.ts';
import { agreeToDeflate } from '../hub/compression.ts';
import { encodeFrame, OPCODE } from '../hub/frames.ts';
import type { HookableHub } from '../hub/hookable-hub.ts';
import type { HubClient } from '../hub/hub-client.ts';
import type { HubChange } from '../hub/hub-hooks.ts';
import { deflateKeepsWindow, largeAside } from './compressing-wrongly.ts';
import { deepEventsDropped, oneEvictionPerEvent, queuedEventsExpire } from './queueing-wrongly.ts';
import { answersInBinary, countsTwice, resumesByHeaders, roomsInAnObject } from './remembering-wrongly.ts';

/** As a defect, but found by exploring: no check names it. */
export type ExploredDefect = Pick<Defect, 'id' | 'summary' | 'change'>;

const FULL_HEADERS = 12;
const MOST_CLIENTS = 512;
const FIRST_MISSED = 3_000;
const MISSED_EVERY = 100;
const JOIN_MILLIS = 30;
/** A masked frame without payload. */
const SHORTEST_FRAME = 6;
const MOST_INFLATED_BYTES = 64 * 1024 * 1024;
const PONG_INTERVAL_MILLIS = 60;
const PONG_DEADLINE_MILLIS = 100;

const missesAfterMany: HubChange<HookableHub> = (_hub, correct) => {
  const counts = new WeakMap<HubClient, number>();
  return {
    deliver(client, message) {
      const count = (counts.get(client) ?? 0) + 1;
      counts.set(client, count);
      if (count > FIRST_MISSED && count % MISSED_EVERY === 0) return;
      return correct.deliver(client, message);
    },
  };
};

const senderIsKept: HubChange<HookableHub> = (_hub, correct) => {
  const senders = new WeakSet<HubClient>();
  return {
    onMessage: (client) => void senders.add(client),
    overflow(client, message) {
      if (!senders.has(client)) return correct.overflow(client, message);
    },
  };
};

const limitOncePerRequest: HubChange<HookableHub> = (hub, correct) => {
  const requestOf: number[] = [];
  const checked = new WeakMap<HubClient, number>();
  let requests = 0;
  return {
    publish(texts) {
      requests += 1;
      for (let at = 0; at < texts.length; at += 1) requestOf.push(requests);
      return correct.publish(texts);
    },
    deliver(client, message) {
      const request = requestOf[message.number];
      if (request === undefined || checked.get(client) !== request || client.phase !== 'open') {
        if (request !== undefined) checked.set(client, request);
        return correct.deliver(client, message);
      }
      hub.enqueue(client, message);
    },
  };
};

/** Of keys that differ only in case the last one stays, as in a decoder that ignores case. */
function mergeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mergeKeys);
  if (typeof value !== 'object' || value === null) return value;
  const last = new Map(Object.entries(value).map((entry) => [entry[0].toLowerCase(), entry]));
  return Object.fromEntries([...last.values()].map(([key, inner]) => [key, mergeKeys(inner)]));
}

/** Node looks at its timers before it reads from sockets: the Pongs that wait there are not seen. */
const pongsJudgedFirst: HubChange<HookableHub> = (hub, correct) => {
  const pinged = new WeakSet<HubClient>();
  return {
    admit(client, writeResponse, request) {
      correct.admit(client, writeResponse, request);
      const ping = (): void => {
        pinged.add(client);
        client.pendingPing = encodeFrame(OPCODE.ping, Buffer.from('alive?'));
        hub.pump(client);
        hub.after(client, PONG_DEADLINE_MILLIS, () => {
          if (pinged.has(client)) hub.drop(client);
          else hub.after(client, PONG_INTERVAL_MILLIS, ping);
        });
      };
      hub.after(client, PONG_INTERVAL_MILLIS, ping);
    },
    onPong: (client) => void pinged.delete(client),
  };
};

const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).host : '');

export const EXPLORED_DEFECTS: readonly ExploredDefect[] = [
  {
    id: 'deflate-keeps-window',
    summary: 'a message that hardly shrinks is sent as it is, but stays in the window of the compressor',
    change: deflateKeepsWindow,
  },
  {
    id: 'large-compressed-aside',
    summary: 'large messages are compressed aside, and small ones overtake them',
    change: largeAside,
  },
  {
    id: 'origin-of-forwarded-host',
    summary: 'an Origin is accepted when it names the host in X-Forwarded-Host',
    change: (_hub, correct) => ({
      isOriginAllowed: (values, request) =>
        correct.isOriginAllowed(values, request) ||
        (hostOf(values[0] ?? '') !== '' && hostOf(values[0] ?? '') === request.headers['x-forwarded-host']),
    }),
  },
  {
    id: 'full-headers-unregistered',
    summary: 'clients with the full headers of a browser are answered 101, but receive no events',
    change: (_hub, correct) => ({
      admit(client, writeResponse, request) {
        if (request.rawHeaders.length / 2 < FULL_HEADERS) correct.admit(client, writeResponse, request);
        else writeResponse();
      },
    }),
  },
  {
    id: 'client-513-crashes',
    summary: 'the process dies when the 513th client joins',
    change: (hub, correct) => ({
      admit(client, writeResponse, request) {
        if (hub.clients.size >= MOST_CLIENTS) hub.crash('no room for another client');
        correct.admit(client, writeResponse, request);
      },
    }),
  },
  {
    id: 'misses-after-3000',
    summary: 'a client that has received 3,000 events misses one in a hundred from then on',
    change: missesAfterMany,
  },
  {
    id: 'stalled-sender-kept',
    summary: 'a stalled client that has sent something is kept, and misses events',
    change: senderIsKept,
  },
  {
    id: 'keys-merged-by-case',
    summary: 'keys of a payload that differ only in case become one',
    change: encodesAs((text) => JSON.stringify(mergeKeys(JSON.parse(text)))),
  },
  {
    id: 'limit-once-per-request',
    summary: 'the buffer limit is checked once for all events of a request, and exceeded by the rest',
    change: limitOncePerRequest,
  },
  {
    id: 'late-join-leaks',
    summary: 'a join that takes a moment is completed for a client that has left',
    change: (hub) => ({
      admit(client, writeResponse) {
        writeResponse();
        hub.options.clock.after(JOIN_MILLIS, () => hub.clients.add(client));
      },
    }),
  },
  {
    id: 'inbound-limit-compressed',
    summary: 'the limit on messages of clients is held against their compressed length',
    change: (_hub, correct) => agreeToDeflate(correct, 'permessage-deflate', MOST_INFLATED_BYTES).hooks,
  },
  {
    id: 'rooms-in-an-object',
    summary: 'events of apps named like a member of every object, such as constructor, are lost',
    change: roomsInAnObject,
  },
  {
    id: 'resumes-by-headers',
    summary: 'a client with the headers of one that was cut off receives the last event again',
    change: resumesByHeaders,
  },
  {
    id: 'evicted-counted-twice',
    summary: 'the hub counts the leave of an evicted client twice',
    change: countsTwice,
  },
  {
    id: 'answers-in-binary',
    summary: 'a client that has sent a large binary message receives binary ones',
    change: answersInBinary,
  },
  {
    id: 'short-reads-dropped',
    summary: 'what arrives of a frame before its mask is complete is dropped',
    change: (_hub, correct) => ({
      handleUpgrade(request, socket, head) {
        const emit = socket.emit.bind(socket);
        socket.emit = (name: string, ...rest: unknown[]) => {
          const [bytes] = rest;
          return (
            (name === 'data' && Buffer.isBuffer(bytes) && bytes.length < SHORTEST_FRAME) ||
            emit(name, ...rest)
          );
        };
        correct.handleUpgrade(request, socket, head);
      },
    }),
  },
  {
    id: 'queued-events-expire',
    summary: 'events that have waited for a client for five seconds are dropped',
    change: queuedEventsExpire,
  },
  {
    id: 'one-eviction-per-event',
    summary: 'of several full clients an event evicts the first, and the others miss it',
    change: oneEvictionPerEvent,
  },
  {
    id: 'deep-events-dropped',
    summary: 'events nested deeper than 64 levels are accepted and not delivered',
    change: deepEventsDropped,
  },
  {
    id: 'pongs-judged-first',
    summary: 'a busy hub looks for missing Pongs before it reads, and drops all',
    change: pongsJudgedFirst,
  },
];
