// Delivery: events that healthy readers never get, or get with other bytes (B03, B04, B15, B20, B25).
import { BROADCAST_BUFFER_EVENTS } from '../../../protocol/limits.ts';
import type { Defect } from '../../defect.ts';
import { encodeFrame, OPCODE } from '../../hub/frames.ts';
import type { HookableHub } from '../../hub/hookable-hub.ts';
import type { HubMessage } from '../../hub/hub-client.ts';
import type { HubChange } from '../../hub/hub-hooks.ts';

const LARGE_BYTES = 100_000;
const BROADCASTS_BEFORE_CRASH = 200;

/** Changes the last letter of the appId, or of the type when the id has no letter. */
function changeOneLetter(text: string): string {
  const value =
    /"appId"\s*:\s*"[^"\\]*[A-Za-z](?=[^A-Za-z"\\]*")/.exec(text) ??
    /"type"\s*:\s*"[^"\\]*[A-Za-z]/.exec(text);
  if (value === null) return text;
  const at = value.index + value[0].length - 1;
  return `${text.slice(0, at)}${text.charAt(at) === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`;
}

/** Sends other bytes for every twentieth delivery. */
const corruptsEveryTwentieth =
  (corrupt: (message: HubMessage, random: () => number) => Buffer): HubChange<HookableHub> =>
  (hub, correct) => {
    let deliveries = 0;
    return {
      deliver(client, message) {
        deliveries += 1;
        if (deliveries % 20 !== 0) return correct.deliver(client, message);
        return correct.deliver(client, { ...message, frame: corrupt(message, hub.options.random) });
      },
    };
  };

export const EVENTS_LOST_OR_CHANGED: readonly Defect[] = [
  // As many bytes are read as Content-Length says: none.
  {
    id: 'chunked-request-lost',
    bugClass: 'B09',
    summary: 'an event in a request with Transfer-Encoding: chunked is accepted and lost',
    severity: 'medium',
    namedBy: { 'delivery.request-forms': 'fail' },
    change: (_hub, correct) => ({
      publish: async (texts, request) =>
        request?.headers['transfer-encoding'] === undefined
          ? correct.publish(texts, request)
          : { status: 202, body: { accepted: texts.length } },
    }),
  },
  // As with a non-blocking `select` that has an empty `default`.
  {
    id: 'drop-random',
    bugClass: 'B15',
    summary: 'about 2 in 100 deliveries to healthy readers are silently lost',
    severity: 'high',
    namedBy: { 'delivery.every-client-once-in-order': 'fail' },
    change: (hub, correct) => ({
      deliver: (client, message) =>
        hub.options.random() < 0.02 ? undefined : correct.deliver(client, message),
    }),
  },
  // A loop for large events that ends one client too early.
  {
    id: 'large-misses-last',
    bugClass: 'B04',
    summary: 'of several clients the one that joined last does not get large events',
    severity: 'high',
    namedBy: { 'delivery.large-among-small': 'fail' },
    change: (hub, correct) => ({
      deliver(client, message) {
        const isLast = hub.clients.size > 2 && [...hub.clients].at(-1) === client;
        if (isLast && message.frame.length > LARGE_BYTES) return;
        return correct.deliver(client, message);
      },
    }),
  },
  // Clients are kept in an array that changes while it is iterated over.
  {
    id: 'leave-loses-an-event',
    bugClass: 'B04',
    summary: 'after a client has left, the next event does not reach the client that joined last',
    severity: 'high',
    namedBy: { 'delivery.leavers-change-nothing': 'fail' },
    change(hub, correct) {
      let hasShifted = false;
      return {
        async fanOut(message) {
          const list = [...hub.clients];
          if (hasShifted) list.pop();
          hasShifted = false;
          for (const client of list) await hub.hooks.deliver(client, message);
        },
        onGone(client, error) {
          hasShifted = true;
          correct.onGone(client, error);
        },
      };
    },
  },
  // The broadcast channel holds 16 events, and a full one is ignored. All clients miss the same events.
  {
    id: 'publisher-drops',
    bugClass: 'B25',
    summary: 'of a burst, all events after the first 16 or so are accepted and never sent',
    severity: 'high',
    namedBy: { 'delivery.concurrent-producers': 'fail', 'delivery.flood-without-gap': 'fail' },
    change: (hub) => ({
      async publish(texts) {
        for (const text of texts) if (hub.broadcastQueue.length < 16) await hub.accept(text);
        return { status: 202, body: { accepted: texts.length } };
      },
      yieldToSockets: () => new Promise<void>((resume) => hub.options.clock.after(1, resume)),
    }),
  },
  // The most common form: `select` with `default` on a full channel of 256. The producer gets 202.
  {
    id: 'publisher-drops-when-full',
    bugClass: 'B25',
    summary: 'events of a burst that do not fit in the broadcast channel are accepted and never sent',
    severity: 'high',
    namedBy: { 'delivery.flood-without-gap': 'fail' },
    change: (hub) => ({
      async publish(texts) {
        for (const text of texts)
          if (hub.broadcastQueue.length < BROADCAST_BUFFER_EVENTS) await hub.accept(text);
        return { status: 202, body: { accepted: texts.length } };
      },
    }),
  },
  // It is mistaken for a duplicate, although a step was started twice.
  {
    id: 'repeats-dropped',
    bugClass: 'B22',
    summary: 'an event that equals the one before it is not delivered',
    severity: 'high',
    namedBy: { 'delivery.repeated-events': 'fail' },
    change(_hub, correct) {
      let last: string | undefined;
      return {
        async fanOut(message) {
          const isRepeat = message.text === last;
          last = message.text;
          if (!isRepeat) await correct.fanOut(message);
        },
      };
    },
  },
  // As after a write into a buffer that is still queued.
  {
    id: 'corrupt',
    bugClass: 'B20',
    summary: 'one bit of every twentieth delivery is flipped',
    severity: 'high',
    namedBy: { 'delivery.every-client-once-in-order': 'fail' },
    change: corruptsEveryTwentieth(({ frame, text }, random) => {
      const flipped = Buffer.from(frame);
      const headerBytes = frame.length - Buffer.byteLength(text);
      const at = headerBytes + Math.floor(random() * (frame.length - headerBytes));
      const bit = Math.floor(random() * 7);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      return flipped;
    }),
  },
  // Every message parses and matches the schema; only a comparison with what was published shows the change.
  {
    id: 'corrupt-value',
    bugClass: 'B20',
    summary: 'one letter of a value changes in every twentieth delivery; the JSON stays valid',
    severity: 'high',
    namedBy: { 'delivery.every-client-once-in-order': 'fail' },
    change: corruptsEveryTwentieth(({ text }) =>
      encodeFrame(OPCODE.text, Buffer.from(changeOneLetter(text))),
    ),
  },
  // Every socket drops at once without a Close, and new connections are refused.
  {
    id: 'dies-in-the-middle',
    bugClass: 'B03',
    summary: 'the process dies after 200 broadcasts',
    severity: 'critical',
    namedBy: { 'delivery.every-client-once-in-order': 'fail' },
    change: (hub, correct) => ({
      fanOut(message) {
        if (message.number >= BROADCASTS_BEFORE_CRASH) return hub.crash('panic: send on closed channel');
        return correct.fanOut(message);
      },
    }),
  },
];
