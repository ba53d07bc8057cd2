// Correct hubs that differ as much as they may: in how they write, keep events, compress, ping, and end slow clients. The
// exploration must find nothing on any of them.
import { agreeToDeflate, compress, withCompressedBit } from '../hub/compression.ts';
import { encodeClose, encodeFrame, OPCODE } from '../hub/frames.ts';
import type { HookableHub } from '../hub/hookable-hub.ts';
import type { HubChange } from '../hub/hub-hooks.ts';
import { slowWriters } from '../hub/slow-writers.ts';
import type { StartOptions } from '../hub/start-hub.ts';
import { deflatesEach } from './deflate-with-window.ts';
import { sharedLog } from './shared-log.ts';

export interface CorrectVariant {
  readonly id: string;
  readonly summary: string;
  readonly change: HubChange<HookableHub>;
  readonly options?: StartOptions;
}

const WRITES_PER_TURN = 64;
const PIECE_BYTES = 900;
const REGISTER_MILLIS = 3;
const SHORT_GRACE_MILLIS = 100;
const MOST_SMALL_BYTES = 512;

/** One writer for all clients: a queue of writes, some of them each turn. */
const oneWriter: HubChange<HookableHub> = () => {
  const waiting: (() => void)[] = [];
  const writeSome = (): void => {
    for (const write of waiting.splice(0, WRITES_PER_TURN)) write();
    if (waiting.length > 0) setImmediate(writeSome);
  };
  return {
    writeFrame(client, frame, _kind, done) {
      if (waiting.length === 0) setImmediate(writeSome);
      waiting.push(() => client.socket.write(frame, (error) => void (error || done())));
    },
  };
};

/** Fragments, with a Ping between them (RFC 6455 5.4). */
function inFragments(text: string): Buffer {
  const bytes = Buffer.from(text);
  const [first, second] = [Math.floor(bytes.length / 3), Math.floor((2 * bytes.length) / 3)];
  return Buffer.concat([
    clearFinal(encodeFrame(OPCODE.text, bytes.subarray(0, first))),
    encodeFrame(OPCODE.ping, Buffer.from('between')),
    clearFinal(encodeFrame(OPCODE.continuation, bytes.subarray(first, second))),
    encodeFrame(OPCODE.continuation, bytes.subarray(second)),
  ]);
}

function clearFinal(frame: Buffer): Buffer {
  frame[0] = (frame[0] as number) & 0x7f;
  return frame;
}

const deflateWithTakeover = deflatesEach((compressed) =>
  withCompressedBit(encodeFrame(OPCODE.text, compressed)),
);

const deflateWithoutTakeover: HubChange<HookableHub> = (_hub, correct) => {
  const answer = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover';
  const { agreed, hooks } = agreeToDeflate(correct, answer);
  return {
    ...hooks,
    takeNext(client) {
      const message = agreed.has(client) ? client.queue.shift() : undefined;
      if (message === undefined) return correct.takeNext(client);
      return withCompressedBit(encodeFrame(OPCODE.text, compress(message.text)));
    },
  };
};

const inPieces: HubChange<HookableHub> = () => ({
  writeFrame(client, frame, _kind, done) {
    const writeFrom = (at: number): void => {
      const isLast = at + PIECE_BYTES >= frame.length;
      client.socket.write(frame.subarray(at, at + PIECE_BYTES), (error) => {
        if (error) return;
        if (isLast) done();
        else setImmediate(writeFrom, at + PIECE_BYTES);
      });
    };
    writeFrom(0);
  },
});

const lateRegistration: HubChange<HookableHub> = (hub) => ({
  admit(client, writeResponse) {
    writeResponse();
    // The timer ends with the client.
    hub.after(client, REGISTER_MILLIS, () => {
      if (client.phase === 'open') hub.clients.add(client);
    });
  },
});

const endsWithPolicy: HubChange<HookableHub> = (hub) => ({
  evict(client) {
    hub.counters.evictions += 1;
    client.queue.length = 0;
    hub.closeGracefully(client, encodeClose(1008, 'slow'), SHORT_GRACE_MILLIS);
  },
});

export const CORRECT_VARIANTS: readonly CorrectVariant[] = [
  { id: 'one-writer', summary: 'one writer for all clients', change: oneWriter },
  { id: 'shared-log', summary: 'one log of events, and a position in it for each client', change: sharedLog },
  {
    id: 'fragments',
    summary: 'each event in three fragments with a Ping between them',
    change: () => ({ encode: inFragments }),
  },
  { id: 'deflate-takeover', summary: 'compression with a window that goes on', change: deflateWithTakeover },
  { id: 'deflate-fresh', summary: 'compression without takeover', change: deflateWithoutTakeover },
  { id: 'pieces', summary: 'frames in small writes', change: inPieces },
  { id: 'correct-slow-writers', summary: 'each write begins 20 ms late', change: slowWriters },
  { id: 'late-registration', summary: 'clients take part 3 ms after the 101', change: lateRegistration },
  { id: 'ends-1008', summary: 'Close 1008 to slow clients at once', change: endsWithPolicy },
  {
    id: 'ends-without-close',
    summary: 'slow clients are dropped without a Close',
    change: (hub) => ({ evict: (client) => hub.drop(client) }),
  },
  {
    id: 'refuses-data',
    summary: 'Close 1003 to clients that send data',
    change: (hub) => ({
      onMessage: (client) => hub.hooks.onViolation(client, 1003, 'this hub only sends'),
    }),
  },
  {
    id: 'takes-little',
    summary: 'Close 1009 to clients that send more than 512 bytes in a message',
    change: (hub, correct) => ({
      onMessage(client, opcode, payload) {
        if (payload.length > MOST_SMALL_BYTES) hub.hooks.onViolation(client, 1009, 'too large');
        else correct.onMessage(client, opcode, payload);
      },
    }),
  },
  {
    id: 'pings-each-second',
    summary: 'a Ping each second, and two without an answer are enough',
    change: () => ({}),
    options: { pingIntervalMillis: 1_000 },
  },
];
