// Bytes of any kind to the hub over plain TCP or TLS, and what comes back: for handshakes that are wrong on purpose.
import type { Clock } from '../../time/clock.ts';
import type { ConnectAs, Connection, ConnectionEnd, HandshakeResponse } from '../../wire/connection.ts';
import { dial } from '../../wire/dial.ts';
import { parseResponseHead } from '../../wire/opening-handshake.ts';
import { evenCuts, writeCut } from '../../wire/request/write-cut.ts';
import { createRawReader } from './window/raw-reader.ts';
import type { SharedWindow } from './window/shared-window.ts';

export interface ExchangeOptions {
  /** Milliseconds to wait for the response head, or the end of the connection; default: `settings.waitMillis`. */
  readonly deadlineMillis?: number;
  /** Also waits for the body: until Content-Length or the end. Default false. */
  readonly wantsBody?: boolean;
  /** Writes the bytes in so many pieces, a few milliseconds apart. Default 1. */
  readonly pieces?: number;
}

export type Exchange =
  /** An HTTP answer. `bytesAfterHead` gives what came after it so far: a body, or the WebSocket stream (at most 256 KiB). */
  | {
      readonly kind: 'answer';
      readonly response: HandshakeResponse;
      readonly bytesAfterHead: () => Buffer;
      readonly connection: Connection;
    }
  /** The hub ended the connection without an answer (RFC 6455 10.7 allows it). */
  | { readonly kind: 'dropped'; readonly end: ConnectionEnd }
  | { readonly kind: 'malformed'; readonly problem: string; readonly bytes: Buffer }
  /** Neither an answer nor an end. */
  | { readonly kind: 'silence'; readonly connection: Connection };

/** One line for a report. */
export function describeExchange(exchange: Exchange): string {
  switch (exchange.kind) {
    case 'answer':
      return `HTTP ${exchange.response.status}`;
    case 'dropped':
      return `the connection ended without an answer (${exchange.end.code ?? exchange.end.kind})`;
    case 'malformed':
      return `an answer that is not HTTP: ${exchange.problem}`;
    case 'silence':
      return 'neither an answer nor the end of the connection';
  }
}

/** Its first line and its Origin, for a report. */
export function describeRequest(bytes: Buffer): string {
  const [line = ''] = bytes.subarray(0, 200).toString('latin1').split('\r\n');
  const origin = /^origin *:.*$/im.exec(bytes.toString('latin1'))?.[0];
  return `${JSON.stringify(line)}${origin === undefined ? '' : ` with ${origin}`}, ${bytes.length} B`;
}

const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);
const MAX_KEPT_BYTES = 256 * 1024;

export interface ExchangeParts {
  readonly connectAs: ConnectAs;
  readonly clock: Clock;
  readonly bytes: Uint8Array;
  readonly wantsBody: boolean;
  readonly pieces: number;
  /** Called when the connection exists, so that its owner can close it whatever happens. */
  readonly own: (connection: Connection) => void;
  /** Waits as a lab does. */
  readonly until: (holds: () => boolean, what: string) => Promise<boolean>;
  readonly poke: () => void;
  /** What is published waits for this connection, too, once it is a client. */
  readonly eventWindow: SharedWindow;
}

export async function runExchange(parts: ExchangeParts): Promise<Exchange> {
  const { clock } = parts;
  const attempt = await dial({ ...parts.connectAs, clock, readBuffer: READ_BUFFER });
  if (!attempt.ok) return { kind: 'dropped', end: { kind: 'error', code: attempt.problem } };
  const { connection } = attempt;
  parts.own(connection);
  let received: Buffer = Buffer.alloc(0);
  let end: ConnectionEnd | undefined;
  const rawReader = createRawReader(parts.eventWindow);
  connection.listener = {
    onBytes(buffer, start, stop) {
      if (received.length < MAX_KEPT_BYTES)
        received = Buffer.concat([received, buffer.subarray(start, stop)]);
      rawReader.read(buffer.subarray(start, stop));
      parts.poke();
    },
    onClosed(ended) {
      end = ended;
      rawReader.leave();
      parts.poke();
    },
  };
  connection.start();
  await writeCut(connection, parts.bytes, evenCuts(parts.bytes.length, parts.pieces), clock);
  const isDone = (): boolean => end !== undefined || isComplete(received, parts.wantsBody);
  await parts.until(isDone, 'an answer to the request, or the end of the connection');

  const head = parseResponseHead(received);
  if (head.kind === 'complete') {
    const { response, headBytes } = head;
    return { kind: 'answer', response, bytesAfterHead: () => received.subarray(headBytes), connection };
  }
  if (head.kind === 'malformed' && received.length > 0) {
    return { kind: 'malformed', problem: head.problem, bytes: received };
  }
  return end === undefined ? { kind: 'silence', connection } : { kind: 'dropped', end };
}

function isComplete(received: Buffer, wantsBody: boolean): boolean {
  const head = parseResponseHead(received);
  if (head.kind !== 'complete') return head.kind === 'malformed' && received.length > 0;
  if (!wantsBody || head.response.status === 101) return true;
  const declared = Number(head.response.headers['content-length'] ?? Number.NaN);
  return received.length - head.headBytes >= declared; // without a length only the end tells: NaN is never reached
}
