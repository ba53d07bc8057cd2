// Reads frames out of a byte stream one by one, for what is not equal to the log: new events, control frames, fragments
// and faults. It exists only while a client needs it, and carries the unfinished frame from read to read; messages are
// put together in message-assembler.ts. RFC 6455, section 5.
import { COMPRESSED_BIT } from '../../wire/deflate.ts';
import {
  createFrameHeader,
  decodeFrameHeader,
  isMessageStart,
  shortestHeaderBytes,
} from '../../wire/frame-header.ts';
import { type FrameSink, MAX_MESSAGE_BYTES, MessageAssembler } from './message-assembler.ts';

// Shared by all streams: a header is done with before the next one is read.
const header = createFrameHeader();

export class FrameStream {
  /** What is being read: `bytes` from `at` to `end`. */
  bytes: Buffer = EMPTY;
  at = 0;
  end = 0;
  private readonly messages: MessageAssembler;
  private carry: Buffer | undefined = undefined;
  private carryBytes = 0;
  /** Bytes that the frame at the head of the carry needs before reading it makes sense. */
  private neededBytes = 0;
  private isDerailed = false;
  private readonly allowsCompressed: boolean;

  /** `allowsCompressed`: compression was agreed on. */
  constructor(sink: FrameSink, allowsCompressed = false) {
    this.messages = new MessageAssembler(sink);
    this.allowsCompressed = allowsCompressed;
  }

  /** Every frame must be read by itself: bytes equal to the log do not show whether a frame is legal here. */
  get mustRead(): boolean {
    return this.isDerailed || this.messages.mustReadFrames;
  }

  get isInsideFrame(): boolean {
    return this.carryBytes > 0 || this.messages.isInsideMessage;
  }

  /** Takes a chunk behind what is carried; it is valid until `settle`. */
  feed(buffer: Buffer, start: number, end: number): void {
    if (this.carryBytes === 0) {
      this.bytes = buffer;
      this.at = start;
      this.end = end;
      return;
    }
    this.keep(buffer, start, end);
    this.bytes = this.carry as Buffer;
    this.end = this.carryBytes;
    this.at = 0;
  }

  /** Puts bytes in front of everything: the beginning of a frame that was read as part of the log. */
  feedCarry(bytes: Buffer): void {
    this.keep(bytes, 0, bytes.length);
  }

  /** Moves on over bytes that were read along the log. */
  skip(lengthBytes: number): void {
    if (lengthBytes === 0) return;
    this.at += lengthBytes;
    this.neededBytes = 0;
  }

  /** Keeps what was not read. */
  settle(): void {
    const { bytes, at, end } = this;
    this.bytes = EMPTY;
    const rest = end - at;
    if (rest === 0 || this.isDerailed) {
      this.carry = undefined;
      this.carryBytes = 0;
      this.neededBytes = 0;
    } else if (bytes !== this.carry) {
      this.keep(bytes, at, end);
    } else if (at > 0) {
      this.carry = undefined;
      this.carryBytes = 0;
      this.keep(bytes, at, end);
    }
  }

  /** Reads the frame at `at` and moves on behind it; false when it is not all there. */
  readFrame(): boolean {
    if (this.isDerailed) {
      this.at = this.end;
      return true;
    }
    const { bytes, at, end } = this;
    if (end - at < this.neededBytes || !decodeFrameHeader(bytes, at, end, header)) return false;
    const { payloadBytes, headerBytes, isMasked } = header;
    if (payloadBytes > MAX_MESSAGE_BYTES) {
      this.messages.overflow(`a frame of ${payloadBytes} bytes`);
      this.derail();
      return true;
    }
    this.neededBytes = headerBytes + payloadBytes;
    if (end - at < this.neededBytes) return false;
    this.neededBytes = 0;
    this.at = at + headerBytes + payloadBytes;
    const { messages } = this;
    if (isMasked) messages.fault('masked');
    const { isFinal, opcode, reservedBits } = header;
    const isCompressed = this.allowsCompressed && reservedBits === COMPRESSED_BIT && isMessageStart(opcode);
    if (reservedBits !== 0 && !isCompressed) messages.fault('reserved-bits');
    if (headerBytes - (isMasked ? 4 : 0) > shortestHeaderBytes(payloadBytes))
      messages.fault('non-minimal-length');
    const from = at + headerBytes;
    const isRead = isMasked
      ? messages.take(isFinal, opcode, unmasked(bytes, from, payloadBytes), 0, payloadBytes, isCompressed)
      : messages.take(isFinal, opcode, bytes, from, from + payloadBytes, isCompressed);
    if (!isRead) this.derail();
    return true;
  }

  /** Skips the rest of the stream: after a frame or message that is too long no frame can be found. */
  private derail(): void {
    this.isDerailed = true;
    this.at = this.end;
  }

  /** Appends to the carry, which doubles when it is full, so that a long frame is not copied for every chunk. */
  private keep(buffer: Buffer, start: number, end: number): void {
    const total = this.carryBytes + end - start;
    if (this.carry === undefined || this.carry.length < total) {
      const grown = Buffer.allocUnsafeSlow(this.carryBytes === 0 ? total : 2 * total);
      this.carry?.copy(grown, 0, 0, this.carryBytes);
      this.carry = grown;
    }
    buffer.copy(this.carry, this.carryBytes, start, end);
    this.carryBytes = total;
  }
}

const EMPTY = Buffer.alloc(0);

function unmasked(bytes: Buffer, from: number, payloadBytes: number): Buffer {
  const plain = Buffer.from(bytes.subarray(from, from + payloadBytes));
  for (let at = 0; at < payloadBytes; at++) {
    plain[at] = (plain[at] as number) ^ (bytes[from - 4 + (at & 3)] as number);
  }
  return plain;
}
