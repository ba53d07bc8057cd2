// A client for tests of the hub: opens a connection, keeps every message that arrives, and can stop reading at the
// socket. Counted events carry their sequence at the start of a text.
import type { Envelope } from '../../protocol/envelope.ts';
import { systemClock } from '../../time/clock.ts';
import type { Connection, ConnectionEnd, OpenOptions } from '../../wire/connection.ts';
import { createInflater, type Inflater } from '../../wire/deflate.ts';
import { decodeClosePayload } from '../../wire/frame-writer.ts';
import { createMessageReader, type WireEvent } from '../../wire/message-reader.ts';
import { openConnection } from '../../wire/open-connection.ts';

export interface ListeningPeer {
  readonly connection: Connection;
  /** What the hub agreed to of Sec-WebSocket-Extensions. */
  readonly extensions: string | undefined;
  readonly events: readonly WireEvent[];
  readonly closed: Promise<ConnectionEnd>;
  texts(): string[];
  sequences(): number[];
  /** Code and reason of the Close frame, if one came. */
  closeFrame(): { readonly code: number; readonly reason: string } | undefined;
  /** Is the stream in the middle of a frame? */
  isTorn(): boolean;
}

export type PeerOptions = Pick<OpenOptions, 'window' | 'headers' | 'readBuffer' | 'offersDeflate'>;

/** Opens a connection; throws the reason when the handshake does not succeed. */
export async function openPeer(url: string, options: PeerOptions = {}): Promise<ListeningPeer> {
  let inflater: Inflater | undefined;
  const reader = createMessageReader(undefined, () => inflater);
  const events: WireEvent[] = [];
  let close: (end: ConnectionEnd) => void = () => {};
  const closed = new Promise<ConnectionEnd>((resolve) => {
    close = resolve;
  });
  const opened = await openConnection({
    url,
    clock: systemClock,
    deadlineMillis: 15_000,
    ...options,
    listener: {
      onBytes: (buffer, start, end) => events.push(...reader.read(buffer.subarray(start, end))),
      onClosed: (end) => close(end),
    },
  });
  if (!opened.ok) throw new Error(opened.problem);
  const extensions = opened.response.headers['sec-websocket-extensions'];
  if (extensions !== undefined) inflater = createInflater(extensions);
  const texts = () => events.flatMap((event) => (event.kind === 'text' ? [event.payload.toString()] : []));
  return {
    connection: opened.connection,
    extensions,
    events,
    closed,
    texts,
    sequences: () => texts().map(sequenceOf),
    closeFrame() {
      const frame = events.find(({ kind }) => kind === 'close') as { payload: Buffer } | undefined;
      return frame && decodeClosePayload(frame.payload);
    },
    isTorn: () => reader.hasPartial,
  };
}

export function countedEvent(sequence: number, paddingBytes = 0): Envelope {
  const message = `${sequence}:`.padEnd(paddingBytes, 'x');
  return { type: 'deploy.progress', appId: 'shop', payload: { sagaId: 's', message } };
}

function sequenceOf(text: string): number {
  return Number.parseInt((JSON.parse(text) as { payload: { message: string } }).payload.message, 10);
}

export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
