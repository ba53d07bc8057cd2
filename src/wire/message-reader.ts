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

const NO_BYTES = Buffer.alloc(0);
/** A header may declare more than ever comes: memory grows with what came. */
const GROWTH = 4;
const LEAST_GROWTH_BYTES = 1024 * 1024;

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
  // What is here of a frame that is not complete: the first `pendingBytes` of it.
  let pending: Buffer = NO_BYTES;
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
    const events: WireEvent[] = [];
    let at = 0;
    // First the rest of the frame that is pending, then what follows it.
    while (!isFaulty && pendingBytes > 0 && at < bytes.length) {
      const end = Math.min(bytes.length, at + wantedBytes - pendingBytes);
      append(bytes.subarray(at, end));
      at = end;
      if (pendingBytes === wantedBytes) readBuffer(pending.subarray(0, pendingBytes), events);
    }
    if (!isFaulty && at < bytes.length) readBuffer(Buffer.from(bytes.subarray(at)), events);
    return events;
  }

  /** What belongs to the pending frame: linear in its size, and as large as it is, once it is partly here. */
  function append(bytes: Uint8Array): void {
    const neededBytes = pendingBytes + bytes.length;
    if (neededBytes > pending.length) {
      const grown = Math.max(neededBytes, Math.min(wantedBytes, pendingBytes * GROWTH + LEAST_GROWTH_BYTES));
      const larger = Buffer.allocUnsafe(grown);
      larger.set(pending.subarray(0, pendingBytes));
      pending = larger;
    }
    pending.set(bytes, pendingBytes);
    pendingBytes = neededBytes;
  }

  function readBuffer(buffer: Buffer, events: WireEvent[]): void {
    const used = readFrames(buffer, events);
    pending = used === buffer.length ? NO_BYTES : buffer.subarray(used);
    pendingBytes = pending.length;
    const hasHeader = decodeFrameHeader(pending, 0, pendingBytes, header);
    wantedBytes = hasHeader ? header.headerBytes + header.payloadBytes : pendingBytes + 1;
    partialHeaderBytes = hasHeader ? header.headerBytes : Number.POSITIVE_INFINITY;
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
    if (message === undefined) return fault(describeNotInflated(inflater()));
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
      return hasDataFrameAfterClose || (isClosed && isDataOpcode(pending[0]));
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

function describeNotInflated(inflater: Inflater | undefined): string {
  return inflater !== undefined && inflater.keptTails > 0
    ? 'a compressed message with 00 00 ff ff at its end, which senders leave out: in one context the next cannot be read (RFC 7692 7.2.1)'
    : 'a compressed message that cannot be inflated (RFC 7692 7.2.2)';
}
