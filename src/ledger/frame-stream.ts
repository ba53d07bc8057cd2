// Reads frames out of a byte stream one by one, for what is not equal to the log: new events, control frames, fragments
// and faults. Apart from the hot path, and made only while a client needs it: it holds the unfinished frame (carry)
// and the unfinished message. RFC 6455, section 5.
import { closeProblem } from './close-frame.ts';
import { type ControlOpcode, STREAM_FAULTS, type StreamFault } from './stream-faults.ts';

/** Frames and messages longer than this are not read. */
const MAX_MESSAGE_BYTES = 64 * 1_024 * 1_024;
const CONTINUATION = 0;
const BINARY = 2;
const CLOSE = 8;
const PONG = 10;

export interface FrameSink {
  /** One data message, text or binary alike; the bytes are valid during the call. */
  onMessage(bytes: Buffer, from: number, to: number): void;
  onControl(opcode: ControlOpcode, payload: Buffer): void;
  onFault(kind: StreamFault, sample: string): void;
}

export class FrameStream {
  /** What is being read: `bytes` from `at` to `end`. */
  bytes: Buffer = EMPTY;
  at = 0;
  end = 0;
  private readonly sink: FrameSink;
  private carry: Buffer | undefined = undefined;
  private carryBytes = 0;
  /** Bytes that the frame at the head of the carry needs before reading it makes sense. */
  private neededBytes = 0;
  private fragments: Buffer[] | undefined = undefined;
  private fragmentBytes = 0;
  private hasClosed = false;
  private isDerailed = false;

  constructor(sink: FrameSink) {
    this.sink = sink;
  }

  /** Every frame must be read by itself: it cannot be told from its bytes alone whether it may stand here. */
  get mustRead(): boolean {
    return this.fragments !== undefined || this.hasClosed || this.isDerailed;
  }

  get isInsideFrame(): boolean {
    return this.carryBytes > 0 || this.fragments !== undefined;
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
    const { bytes, at } = this;
    const available = this.end - at;
    if (available < Math.max(2, this.neededBytes)) return false;
    const first = bytes[at] as number;
    const second = bytes[at + 1] as number;
    const isMasked = (second & 0x80) !== 0;
    const shortBytes = second & 0x7f;
    const lengthBytes = shortBytes < 126 ? 0 : shortBytes === 126 ? 2 : 8;
    const headerBytes = 2 + lengthBytes + (isMasked ? 4 : 0);
    if (available < headerBytes) return false;
    const payloadBytes = this.payloadBytesAt(at + 2, shortBytes);
    if (payloadBytes > MAX_MESSAGE_BYTES) {
      this.derail(`a frame of ${payloadBytes} bytes`);
      return true;
    }
    this.neededBytes = headerBytes + payloadBytes;
    if (available < this.neededBytes) return false;
    this.neededBytes = 0;
    this.at = at + headerBytes + payloadBytes;
    if (isMasked) this.fault('masked');
    if ((first & 0x70) !== 0) this.fault('reserved-bits');
    if (lengthBytes > 0 && payloadBytes < (lengthBytes === 2 ? 126 : 65_536))
      this.fault('non-minimal-length');
    let from = at + headerBytes;
    let source = bytes;
    if (isMasked) {
      source = unmasked(bytes, from, payloadBytes);
      from = 0;
    }
    this.dispatch((first & 0x80) !== 0, first & 0x0f, source, from, from + payloadBytes);
    return true;
  }

  private dispatch(isFinal: boolean, opcode: number, bytes: Buffer, from: number, to: number): void {
    if (opcode >= CLOSE && opcode <= PONG) {
      if (!isFinal) this.fault('control-fragmented');
      if (to - from > 125) this.fault('control-too-long');
      this.control(opcode as ControlOpcode, Buffer.from(bytes.subarray(from, to)));
      return;
    }
    if (opcode > BINARY) {
      this.fault('bad-opcode', `opcode ${opcode}`);
      return;
    }
    if (this.hasClosed) this.fault('data-after-close');
    if (opcode === BINARY) this.fault('binary');
    if (opcode === CONTINUATION) {
      if (this.fragments === undefined) this.fault('lone-continuation');
      else this.fragment(this.fragments, isFinal, bytes.subarray(from, to));
      return;
    }
    if (this.fragments !== undefined) this.fault('interrupted-message');
    this.fragments = undefined;
    this.fragmentBytes = 0;
    if (isFinal) this.sink.onMessage(bytes, from, to);
    else this.fragment([], false, bytes.subarray(from, to));
  }

  private fragment(before: Buffer[], isFinal: boolean, bytes: Buffer): void {
    this.fragments = before;
    this.fragmentBytes += bytes.length;
    if (this.fragmentBytes > MAX_MESSAGE_BYTES) {
      this.derail(`a message of ${this.fragmentBytes} bytes`);
      return;
    }
    if (bytes.length > 0) before.push(Buffer.from(bytes));
    if (!isFinal) return;
    const message = Buffer.concat(before);
    this.fragments = undefined;
    this.sink.onMessage(message, 0, message.length);
  }

  private control(opcode: ControlOpcode, payload: Buffer): void {
    if (opcode === CLOSE) {
      const problem = closeProblem(payload);
      if (problem !== undefined) this.fault('bad-close', problem);
      this.hasClosed = true;
    }
    this.sink.onControl(opcode, payload);
  }

  private payloadBytesAt(at: number, shortBytes: number): number {
    if (shortBytes < 126) return shortBytes;
    if (shortBytes === 126) return this.bytes.readUInt16BE(at);
    return this.bytes.readUInt32BE(at) * 2 ** 32 + this.bytes.readUInt32BE(at + 4);
  }

  /** From here on no frame can be found any more. */
  private derail(sample: string): void {
    this.fault('oversized-frame', sample);
    this.isDerailed = true;
    this.fragments = undefined;
    this.at = this.end;
  }

  private fault(kind: StreamFault, sample: string = STREAM_FAULTS[kind]): void {
    this.sink.onFault(kind, sample);
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
