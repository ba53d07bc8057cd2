// Robustness: pings of a client that are answered wrongly, late or never (B36), or in the middle of an event (B19).
import type { Defect } from '../../defect.ts';
import { encodeFrame, OPCODE } from '../../hub/frames.ts';
import type { HookableHub } from '../../hub/hookable-hub.ts';
import { type HubClient, outstandingMessages } from '../../hub/hub-client.ts';
import type { HubChange } from '../../hub/hub-hooks.ts';

const LARGE_BYTES = 8 * 1024;
const BUSY_MICROS = 400_000;

/** Writes events in pieces, and a Pong without waiting for the last piece. `writePiece` writes one piece and calls `next` when the one after it may follow. */
function pongBetweenPieces(
  pieceBytes: number,
  writePiece: (client: HubClient, piece: Buffer, next: () => void) => void,
): HubChange<HookableHub> {
  return (hub, correct) => {
    const halfWritten = new WeakSet<HubClient>();
    return {
      writeFrame(client, frame, kind, done) {
        if (frame.length <= pieceBytes) {
          halfWritten.delete(client);
          correct.writeFrame(client, frame, kind, done);
          return;
        }
        halfWritten.add(client);
        writePiece(client, frame.subarray(0, pieceBytes), () =>
          hub.hooks.writeFrame(client, frame.subarray(pieceBytes), kind, done),
        );
      },
      onPing(client, payload, isInsideMessage) {
        if (halfWritten.has(client)) client.socket.write(encodeFrame(OPCODE.pong, payload));
        else correct.onPing(client, payload, isInsideMessage);
      },
    };
  };
}

const FEW = 2;

export const PINGS: readonly Defect[] = [
  // One writer for all, which waits until the socket of one takes more.
  {
    id: 'pongs-wait-for-stalled',
    bugClass: 'B05',
    summary: 'nobody gets a Pong while one client is behind',
    severity: 'high',
    namedBy: { 'slow-client.fast-not-delayed': 'fail' },
    change: (hub, correct) => ({
      onPing(client, payload, isInsideMessage) {
        const isOneBehind = [...hub.clients].some((other) => outstandingMessages(other) > FEW);
        if (!isOneBehind) correct.onPing(client, payload, isInsideMessage);
      },
    }),
  },
  {
    id: 'ping-unanswered',
    bugClass: 'B36',
    summary: 'pings are not answered',
    severity: 'medium',
    namedBy: { 'robustness.pings-answered': 'fail' },
    change: () => ({ onPing() {} }),
  },
  // RFC 6455 section 5.5.3 requires the payload of the ping.
  {
    id: 'pong-without-payload',
    bugClass: 'B36',
    summary: 'pongs are empty, whatever the ping carried',
    severity: 'medium',
    namedBy: { 'robustness.pings-answered': 'fail' },
    change: (_hub, correct) => ({ onPing: (client) => correct.onPing(client, Buffer.alloc(0), false) }),
  },
  // The payload is converted to a string and back.
  {
    id: 'pong-as-text',
    bugClass: 'B36',
    summary: 'a pong has other bytes when the ping was not UTF-8',
    severity: 'medium',
    namedBy: { 'robustness.pings-answered': 'fail' },
    change: (_hub, correct) => ({
      onPing: (client, payload, isInside) =>
        correct.onPing(client, Buffer.from(payload.toString('utf8')), isInside),
    }),
  },
  // RFC 6455 section 5.4 allows control frames between fragments.
  {
    id: 'ping-waits-for-message',
    bugClass: 'B36',
    summary: 'a Ping inside a fragmented message waits for the end of the message',
    severity: 'medium',
    namedBy: { 'robustness.ping-inside-message': 'fail' },
    change(_hub, correct) {
      const waiting = new WeakMap<HubClient, Buffer>();
      return {
        onPing(client, payload, isInsideMessage) {
          if (isInsideMessage) waiting.set(client, payload);
          else correct.onPing(client, payload, isInsideMessage);
        },
        onMessage(client) {
          const payload = waiting.get(client);
          waiting.delete(client);
          if (payload !== undefined) correct.onPing(client, payload, false);
        },
      };
    },
  },
  // They are not answered later either.
  {
    id: 'pings-ignored-while-busy',
    bugClass: 'B36',
    summary: 'pings are not answered while the hub sends large events',
    severity: 'medium',
    namedBy: { 'robustness.pings-under-load': 'fail' },
    change: (hub, correct) => {
      let busyUntilMicros = 0;
      return {
        fanOut(message) {
          if (message.frame.length > LARGE_BYTES)
            busyUntilMicros = hub.options.clock.nowMicros() + BUSY_MICROS;
          return correct.fanOut(message);
        },
        onPing(client, payload, isInside) {
          if (hub.options.clock.nowMicros() > busyUntilMicros) correct.onPing(client, payload, isInside);
        },
      };
    },
  },
  // The reader's goroutine writes pongs while the writer is in the middle of a message.
  {
    id: 'two-writers',
    bugClass: 'B19',
    summary: 'a Pong is written into the middle of a large event',
    severity: 'high',
    namedBy: { 'robustness.pings-under-load': 'fail' },
    change: pongBetweenPieces(16_384, (client, piece, next) => {
      client.socket.write(piece);
      setImmediate(next);
    }),
  },
  // A Pong is written at once, even when the previous frame is half written.
  {
    id: 'pong-into-backlog',
    bugClass: 'B19',
    summary: 'a client that is behind gets a Pong in the middle of an event',
    severity: 'high',
    namedBy: { 'robustness.pings-under-load': 'fail' },
    change: pongBetweenPieces(65_536, (client, piece, next) => {
      client.socket.write(piece, (error) => {
        if (!error) next();
      });
    }),
  },
  // One buffer for the bodies of all Pings, of which too much is sent back.
  {
    id: 'pong-of-longer-ping',
    bugClass: 'B36',
    summary: 'a Pong ends with what is left of a longer Ping before it',
    severity: 'medium',
    namedBy: { 'robustness.pings-answered': 'fail' },
    change(_hub, correct) {
      const bodies = new WeakMap<HubClient, Buffer>();
      return {
        onPing(client, payload, isInside) {
          const rest = bodies.get(client)?.subarray(payload.length) ?? Buffer.alloc(0);
          const body = Buffer.concat([payload, rest]);
          bodies.set(client, body);
          correct.onPing(client, body, isInside);
        },
      };
    },
  },
  // The reader unmasks what it has, and the rest from the first byte of the mask on.
  {
    id: 'mask-begins-again',
    bugClass: 'B36',
    summary: 'a Ping that arrives in two segments is answered with other bytes',
    severity: 'high',
    namedBy: { 'robustness.pings-answered': 'fail' },
    change: (_hub, correct) => ({
      handleUpgrade(request, socket, head) {
        const emit = socket.emit.bind(socket);
        let mask: readonly number[] | undefined;
        socket.emit = (name: string, ...rest: unknown[]) => {
          const [bytes] = rest;
          if (name !== 'data' || !Buffer.isBuffer(bytes)) return emit(name, ...rest);
          if (mask !== undefined)
            for (let at = 0; at < bytes.length; at++) bytes[at] = (bytes[at] ?? 0) ^ (mask[at % 4] ?? 0);
          mask = maskShift(bytes);
          return emit('data', bytes);
        };
        correct.handleUpgrade(request, socket, head);
      },
    }),
  },
  // A heartbeat for the scripts of a page, which see no Pong.
  {
    id: 'pong-and-event',
    bugClass: 'B36',
    summary: 'a client that pings receives an event for each Pong',
    severity: 'medium',
    namedBy: { 'robustness.pings-answered': 'fail' },
    change: (hub, correct) => ({
      onPing(client, payload, isInside) {
        correct.onPing(client, payload, isInside);
        const text = '{"type":"heartbeat","appId":"hub","payload":{}}';
        hub.enqueue(client, { text, frame: encodeFrame(OPCODE.text, Buffer.from(text)), number: -1 });
      },
    }),
  },
];

/** What makes of the bytes after the first part of a frame what they are with a mask that begins again there. */
function maskShift(bytes: Buffer): readonly number[] | undefined {
  const [first = 0, second = 0] = bytes;
  const wanted = 6 + (second & 0x7f);
  if (first !== (0x80 | OPCODE.ping) || bytes.length <= 6 || bytes.length >= wanted) return undefined;
  const mask = [...bytes.subarray(2, 6)];
  return mask.map((byte, at) => byte ^ (mask[(at + bytes.length - 6) % 4] ?? 0));
}
