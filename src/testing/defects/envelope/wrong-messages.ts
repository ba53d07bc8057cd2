// Envelope: the right event in the wrong WebSocket message or frame (B29, B31, RFC 6455, RFC 7692).
import type { Defect } from '../../defect.ts';
import { agreeToDeflate, compress, withCompressedBit } from '../../hub/compression.ts';
import { encodeFrame, OPCODE } from '../../hub/frames.ts';
import type { HookableHub } from '../../hub/hookable-hub.ts';
import type { HubChange } from '../../hub/hub-hooks.ts';

/** Sends everything that is queued as one message. */
const mergesQueued =
  (merge: (texts: readonly string[]) => string): HubChange<HookableHub> =>
  () => ({
    takeNext(client) {
      const batch = client.queue.splice(0);
      if (batch.length <= 1) return batch[0]?.frame;
      return encodeFrame(OPCODE.text, Buffer.from(merge(batch.map((message) => message.text))));
    },
  });

export const WRONG_MESSAGES: readonly Defect[] = [
  // A browser hands the page a Blob.
  {
    id: 'binary-opcode',
    bugClass: 'B31',
    summary: 'events are sent as binary messages',
    severity: 'medium',
    namedBy: { 'envelope.text-messages': 'fail' },
    change: () => ({ encode: (text) => encodeFrame(OPCODE.binary, Buffer.from(text)) }),
  },
  {
    id: 'binary-when-large',
    bugClass: 'B31',
    summary: 'events over 4 KiB are sent as binary messages',
    severity: 'medium',
    namedBy: { 'envelope.text-messages': 'fail' },
    change: () => ({
      encode: (text) => encodeFrame(text.length > 4_096 ? OPCODE.binary : OPCODE.text, Buffer.from(text)),
    }),
  },
  // As in a well-known chat example.
  {
    id: 'coalesce-newline',
    bugClass: 'B29',
    summary: 'events that queue up are joined by newlines into one message',
    severity: 'medium',
    namedBy: { 'envelope.queued-not-merged': 'fail' },
    change: mergesQueued((texts) => texts.join('\n')),
  },
  // Every message still parses.
  {
    id: 'coalesce-array',
    bugClass: 'B29',
    summary: 'events that queue up are sent as one JSON array',
    severity: 'medium',
    namedBy: { 'envelope.queued-not-merged': 'fail' },
    change: mergesQueued((texts) => `[${texts.join(',')}]`),
  },
  // RFC 6455 section 5.1 forbids it. Browsers close the connection.
  {
    id: 'masked-frames',
    bugClass: 'RFC',
    summary: 'frames from the hub are masked',
    severity: 'medium',
    namedBy: { 'envelope.legal-frames': 'fail' },
    change: (_hub, correct) => ({
      encode(text) {
        const frame = correct.encode(text);
        const headerBytes = frame.length - Buffer.byteLength(text);
        const header = Buffer.from(frame.subarray(0, headerBytes));
        header[1] = (header[1] ?? 0) | 0x80;
        return Buffer.concat([header, Buffer.alloc(4), frame.subarray(headerBytes)]);
      },
    }),
  },
  // RSV1 without a negotiated extension (RFC 6455 section 5.2).
  {
    id: 'reserved-bit-set',
    bugClass: 'RFC',
    summary: 'frames from the hub carry a reserved bit',
    severity: 'medium',
    namedBy: { 'envelope.legal-frames': 'fail' },
    change: () => ({ encode: (text) => encodeFrame(OPCODE.text, Buffer.from(text), 0xc1) }),
  },
  // The hub negotiates compression and marks its messages as compressed, but does not compress them.
  {
    id: 'compressed-in-name-only',
    bugClass: 'RFC',
    summary: 'clients that offer compression, as browsers do, get events that they cannot inflate',
    severity: 'high',
    namedBy: { 'envelope.compressed-readable': 'fail' },
    change: (_hub, correct) => {
      const { agreed, hooks } = agreeToDeflate(correct, 'permessage-deflate');
      return {
        ...hooks,
        writeFrame(client, frame, kind, done) {
          const isMarked = kind === 'message' && agreed.has(client);
          correct.writeFrame(client, isMarked ? withCompressedBit(frame) : frame, kind, done);
        },
      };
    },
  },
  // Each event is compressed once, for everybody, as soon as one client has negotiated compression.
  {
    id: 'compressed-for-all',
    bugClass: 'RFC',
    summary: 'while a client with compression is connected, clients without it get compressed events too',
    severity: 'high',
    namedBy: { 'envelope.compressed-readable': 'fail' },
    change: (hub, correct) => {
      const { agreed, hooks } = agreeToDeflate(correct, 'permessage-deflate; server_no_context_takeover');
      return {
        ...hooks,
        encode(text) {
          const isCompressed = [...hub.clients].some((client) => agreed.has(client));
          return isCompressed ? encodeFrame(1, compress(text), 0xc1) : correct.encode(text);
        },
      };
    },
  },
];
