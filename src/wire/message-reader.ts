// Bytes of one connection to messages, as strictly as a client must read them (RFC 6455 sections 5.1 to 5.5): fragments
// are put together, control frames come out at once, everything illegal is a named fault. Not the load driver's hot
// path: this one copies payloads, and is for those who judge every frame.
import { isUtf8 } from 'node:buffer';
import { COMPRESSED_BIT, type Inflater } from './deflate.ts';
import {
  createFrameHeader,
  decodeFrameHeader,
  type FrameHeader,
  isMessageStart,
  OPCODE,
  shortestHeaderBytes,
} from './frame-header.ts';

export type WireEvent =
  | { readonly kind: 'text' | 'binary'; readonly payload: Buffer; readonly frames: number }
  | { readonly kind: 'ping' | 'pong' | 'close'; readonly payload: Buffer }
  /** The stream cannot be read any further after a fault. `header` is of the frame that is illegal. */
  | { readonly kind: 'fault'; readonly problem: string; readonly header?: Readonly<FrameHeader> };

export interface MessageReader {
  /** Takes the next bytes and returns what they complete, in order. */
  read(bytes: Uint8Array): WireEvent[];
  /** Bytes of a frame, or frames of a message, that are not complete yet. */
  readonly hasPartial: boolean;
  /** Of the payload of a frame that is not complete yet, so many bytes are here. */
  readonly partialPayloadBytes: number;
  /** A data frame, or bytes of an unfinished one, came after a Close; a message that was unfinished before it is not. */
  readonly hasDataAfterClose: boolean;
}

const CONTROL_KINDS: Readonly<Record<number, 'ping' | 'pong' | 'close'>> = {
  [OPCODE.close]: 'close',
  [OPCODE.ping]: 'ping',
  [OPCODE.pong]: 'pong',
};

/**
 * Reads what a server sends. `maxMessageBytes` bounds memory; `inflater` gives what was agreed on once it is known,
 * undefined where no extension was. A text that is not UTF-8 is a fault unless `allowsBadText` accepts it.
 */
export function createMessageReader(
  maxMessageBytes = 64 * 1024 * 1024,
  inflater: () => Inflater | undefined = () => undefined,
  allowsBadText: (message: Buffer) => boolean = () => false,
): MessageReader {
  const header = createFrameHeader();
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let wantedBytes = 2;
  let partialHeaderBytes = 0;
  let fragments: Buffer[] = [];
  let fragmentKind: 'text' | 'binary' | undefined;
  let isCompressed = false;
  let isFaulty = false;
  let isClosed = false;
  let hasDataFrameAfterClose = false;

  function read(bytes: Uint8Array): WireEvent[] {
    if (isFaulty) return [];
    pending.push(Buffer.from(bytes));
    pendingBytes += bytes.length;
    if (pendingBytes < wantedBytes) return []; // joined only when a frame can be complete: linear in its size
    const buffer = pending.length === 1 ? (pending[0] as Buffer) : Buffer.concat(pending);
    const events: WireEvent[] = [];
    const used = readFrames(buffer, events);
    const rest = buffer.subarray(used);
    pending = rest.length === 0 ? [] : [rest];
    pendingBytes = rest.length;
    const hasHeader = decodeFrameHeader(rest, 0, rest.length, header);
    wantedBytes = hasHeader ? header.headerBytes + header.payloadBytes : rest.length + 1;
    partialHeaderBytes = hasHeader ? header.headerBytes : Number.POSITIVE_INFINITY;
    return events;
  }

  function readFrames(buffer: Buffer, events: WireEvent[]): number {
    let at = 0;
    while (!isFaulty && decodeFrameHeader(buffer, at, buffer.length, header)) {
      const allowedBits = inflater() !== undefined && isMessageStart(header.opcode) ? COMPRESSED_BIT : 0;
      const problem = findFrameFault(header, fragmentKind !== undefined, maxMessageBytes, allowedBits);
      if (problem !== undefined) {
        isFaulty = true;
        events.push({ kind: 'fault', problem, header: { ...header } });
        break;
      }
      const end = at + header.headerBytes + header.payloadBytes;
      if (end > buffer.length) break;
      const event = takeFrame(header, buffer.subarray(at + header.headerBytes, end));
      if (event) events.push(event);
      at = end;
    }
    return at;
  }

  function fault(problem: string): WireEvent {
    isFaulty = true;
    return { kind: 'fault', problem };
  }

  function takeFrame({ opcode, isFinal, reservedBits }: FrameHeader, payload: Buffer): WireEvent | undefined {
    const control = CONTROL_KINDS[opcode];
    if (control) {
      isClosed ||= control === 'close';
      return { kind: control, payload };
    }
    hasDataFrameAfterClose ||= isClosed;
    if (isMessageStart(opcode)) {
      fragmentKind = opcode === OPCODE.text ? 'text' : 'binary';
      isCompressed = reservedBits === COMPRESSED_BIT;
    }
    fragments.push(payload);
    if (!isFinal || fragmentKind === undefined) return undefined;
    const joined = fragments.length === 1 ? payload : Buffer.concat(fragments);
    const message = isCompressed ? inflater()?.inflate(joined, maxMessageBytes) : joined;
    if (message === undefined) return fault('a compressed message that cannot be inflated (RFC 7692 7.2.2)');
    const event = { kind: fragmentKind, payload: message, frames: fragments.length } as const;
    fragments = [];
    fragmentKind = undefined;
    if (event.kind === 'binary' || isUtf8(message) || allowsBadText(message)) return event;
    return fault('a text message that is not UTF-8 (RFC 6455 8.1)');
  }

  return {
    read,
    get hasPartial() {
      return pendingBytes > 0 || fragmentKind !== undefined;
    },
    get partialPayloadBytes() {
      return Math.max(0, pendingBytes - partialHeaderBytes);
    },
    get hasDataAfterClose() {
      return hasDataFrameAfterClose || (isClosed && isDataOpcode(pending[0]?.[0]));
    },
  };
}

/** Whether an unfinished frame that begins with this byte is a data frame. */
function isDataOpcode(firstByte: number | undefined): boolean {
  return firstByte !== undefined && (firstByte & 0x0f) < OPCODE.close;
}

function findFrameFault(
  header: FrameHeader,
  isInMessage: boolean,
  maxMessageBytes: number,
  allowedBits: number,
): string | undefined {
  const { opcode } = header;
  if (header.isMasked) return 'a masked frame from the server (RFC 6455 5.1)';
  if ((header.reservedBits & ~allowedBits) !== 0)
    return `reserved bits ${header.reservedBits} without an extension (RFC 6455 5.2)`;
  if ((opcode > 2 && opcode < 8) || opcode > 10) return `reserved opcode ${opcode} (RFC 6455 5.2)`;
  if (opcode >= 8 && !header.isFinal) return 'a fragmented control frame (RFC 6455 5.5)';
  if (opcode >= 8 && header.payloadBytes > 125)
    return `a control frame of ${header.payloadBytes} bytes (RFC 6455 5.5)`;
  if (opcode === OPCODE.continuation && !isInMessage)
    return 'a continuation frame without a message (RFC 6455 5.4)';
  if (isMessageStart(opcode) && isInMessage) return 'a new message inside a fragmented one (RFC 6455 5.4)';
  if (header.headerBytes > shortestHeaderBytes(header.payloadBytes))
    return `a length of ${header.payloadBytes} that is not written in the shortest form (RFC 6455 5.2)`;
  if (header.payloadBytes > maxMessageBytes)
    return `a frame of ${header.payloadBytes} bytes, more than the limit of ${maxMessageBytes}`;
  return undefined;
}
