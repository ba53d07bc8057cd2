// The reading side of the fan-out bench: thousands of connections that count bytes and do nothing else, in a process
// of their own, so that their cost is nobody's.
import { systemClock } from '../../time/clock.ts';
import { createMessageReader } from '../../wire/message-reader.ts';
import { openConnection } from '../../wire/open-connection.ts';
import { obeyOrders } from '../subject-process.ts';

export type ReaderOrder =
  | { readonly kind: 'connect'; readonly port: number; readonly clients: number }
  /** Answers once that many deliveries were read since the last such order was answered. */
  | { readonly kind: 'await'; readonly deliveries: number };

export interface ReadersResult {
  /** Clients that were disconnected so far. */
  readonly closed: number;
}

const CONNECTS_AT_A_TIME = 100;
const FRAME_START = 0x81;
let deliveries = 0;
let answer: ((read: ReadersResult) => void) | undefined;
let awaited = Number.POSITIVE_INFINITY;
let closed = 0;

/** Frames of the bench are short text: a frame starts with 0x81, a byte that no UTF-8 text of it holds. */
function countFrames(buffer: Buffer, start: number, end: number): number {
  let frames = 0;
  for (
    let at = buffer.indexOf(FRAME_START, start);
    at !== -1 && at < end;
    at = buffer.indexOf(FRAME_START, at + 1)
  )
    frames++;
  return frames;
}

/** Compressed frames hold any byte: they are read one by one, and not inflated. */
function createFrameCounter(): typeof countFrames {
  const reader = createMessageReader(
    undefined,
    () => ({ keptTails: 0, inflate: (payload) => payload }),
    () => true,
  );
  return (buffer, start, end) =>
    reader.read(buffer.subarray(start, end)).filter(({ kind }) => kind === 'text').length;
}

async function openReader(url: string): Promise<void> {
  let count = countFrames;
  const listener = {
    onBytes(buffer: Buffer, start: number, end: number): void {
      deliveries += count(buffer, start, end);
      tell();
    },
    onClosed(): void {
      closed++;
    },
  };
  const attempt = await openConnection({
    url,
    offersDeflate: true,
    clock: systemClock,
    listener,
    deadlineMillis: 30_000,
  });
  if (!attempt.ok) throw new Error(attempt.problem);
  if (attempt.response.headers['sec-websocket-extensions'] !== undefined) count = createFrameCounter();
}

function tell(): void {
  if (deliveries < awaited || answer === undefined) return;
  deliveries -= awaited;
  awaited = Number.POSITIVE_INFINITY;
  answer({ closed });
  answer = undefined;
}

async function connect(port: number, clients: number): Promise<ReadersResult> {
  for (let opened = 0; opened < clients; opened += CONNECTS_AT_A_TIME) {
    const count = Math.min(CONNECTS_AT_A_TIME, clients - opened);
    await Promise.all(Array.from({ length: count }, () => openReader(`ws://127.0.0.1:${port}/ws`)));
  }
  return { closed };
}

function awaitDeliveries(count: number): Promise<ReadersResult> {
  return new Promise((resolve) => {
    answer = resolve;
    awaited = count;
    tell();
  });
}

obeyOrders<ReaderOrder>((order) =>
  order.kind === 'connect' ? connect(order.port, order.clients) : awaitDeliveries(order.deliveries),
);
