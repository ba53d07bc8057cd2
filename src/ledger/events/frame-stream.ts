// Reads frames out of a byte stream one by one, for what is not equal to the log: new events, control frames, fragments
// and faults. Apart from the hot path, and made only while a client needs it: it holds the unfinished frame (carry)
// and the unfinished message. RFC 6455, section 5.
import {
  createFrameHeader,
  decodeFrameHeader,
  OPCODE,
  shortestHeaderBytes,
} from '../../wire/frame-header.ts';
import { closeProblem } from '../client/close-frame.ts';
import { type ControlOpcode, STREAM_FAULTS, type StreamFault } from '../client/stream-faults.ts';

/** Frames and messages longer than this are not read. */
const MAX_MESSAGE_BYTES = 64 * 1_024 * 1_024;

// One for all: a header is used up before the next one is read.
const header = createFrameHeader();

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
    const { bytes, at, end } = this;
    if (end - at < this.neededBytes || !decodeFrameHeader(bytes, at, end, header)) return false;
    const { payloadBytes, headerBytes, isMasked } = header;
    if (payloadBytes > MAX_MESSAGE_BYTES) {
      this.derail(`a frame of ${payloadBytes} bytes`);
      return true;
    }
    this.neededBytes = headerBytes + payloadBytes;
    if (end - at < this.neededBytes) return false;
    this.neededBytes = 0;
    this.at = at + headerBytes + payloadBytes;
    if (isMasked) this.fault('masked');
    if (header.reservedBits !== 0) this.fault('reserved-bits');
    if (headerBytes - (isMasked ? 4 : 0) > shortestHeaderBytes(payloadBytes))
      this.fault('non-minimal-length');
    const { isFinal, opcode } = header;
    const from = at + headerBytes;
    if (!isMasked) this.dispatch(isFinal, opcode, bytes, from, from + payloadBytes);
    else this.dispatch(isFinal, opcode, unmasked(bytes, from, payloadBytes), 0, payloadBytes);
    return true;
  }

  private dispatch(isFinal: boolean, opcode: number, bytes: Buffer, from: number, to: number): void {
    if (opcode >= OPCODE.close && opcode <= OPCODE.pong) {
      if (!isFinal) this.fault('control-fragmented');
      if (to - from > 125) this.fault('control-too-long');
      this.control(opcode as ControlOpcode, Buffer.from(bytes.subarray(from, to)));
      return;
    }
    if (opcode > OPCODE.binary) {
      this.fault('bad-opcode', `opcode ${opcode}`);
      return;
    }
    if (this.hasClosed) this.fault('data-after-close');
    if (opcode === OPCODE.binary) this.fault('binary');
    if (opcode === OPCODE.continuation) {
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
    if (opcode === OPCODE.close) {
      const problem = closeProblem(payload);
      if (problem !== undefined) this.fault('bad-close', problem);
      this.hasClosed = true;
    }
    this.sink.onControl(opcode, payload);
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
