// Messages from frames: fragments are joined, control frames copied, and every breach of RFC 6455, section 5 reported.
import { OPCODE } from '../../wire/frame-header.ts';
import { closeProblem } from '../client/close-frame.ts';
import { type ControlOpcode, STREAM_FAULTS, type StreamFault } from '../client/stream-faults.ts';

export interface FrameSink {
  /** One data message, text or binary alike; the bytes are valid during the call. */
  onMessage(bytes: Buffer, from: number, to: number, isCompressed: boolean): void;
  onControl(opcode: ControlOpcode, payload: Buffer): void;
  onFault(kind: StreamFault, sample: string): void;
}

/** Frames and messages longer than this are not read. */
export const MAX_MESSAGE_BYTES = 64 * 1_024 * 1_024;

export class MessageAssembler {
  private readonly sink: FrameSink;
  private fragments: Buffer[] | undefined = undefined;
  private fragmentBytes = 0;
  private isCompressed = false;
  private hasClosed = false;

  constructor(sink: FrameSink) {
    this.sink = sink;
  }

  get isInsideMessage(): boolean {
    return this.fragments !== undefined;
  }

  /** Whether the next frame can be wrong although its bytes are those of the log. */
  get mustReadFrames(): boolean {
    return this.fragments !== undefined || this.hasClosed;
  }

  /** One frame. False when the message is now too long to be read. */
  take(
    isFinal: boolean,
    opcode: number,
    bytes: Buffer,
    from: number,
    to: number,
    isCompressed = false,
  ): boolean {
    if (opcode >= OPCODE.close && opcode <= OPCODE.pong) {
      if (!isFinal) this.fault('control-fragmented');
      if (to - from > 125) this.fault('control-too-long');
      this.control(opcode as ControlOpcode, Buffer.from(bytes.subarray(from, to)));
      return true;
    }
    if (opcode > OPCODE.binary) {
      this.fault('bad-opcode', `opcode ${opcode}`);
      return true;
    }
    if (this.hasClosed) this.fault('data-after-close');
    if (opcode === OPCODE.binary) this.fault('binary');
    if (opcode === OPCODE.continuation) {
      if (this.fragments !== undefined)
        return this.fragment(this.fragments, isFinal, bytes.subarray(from, to));
      this.fault('lone-continuation');
      return true;
    }
    if (this.fragments !== undefined) this.fault('interrupted-message');
    this.fragments = undefined;
    this.fragmentBytes = 0;
    this.isCompressed = isCompressed;
    if (!isFinal) return this.fragment([], false, bytes.subarray(from, to));
    this.sink.onMessage(bytes, from, to, isCompressed);
    return true;
  }

  private fragment(before: Buffer[], isFinal: boolean, bytes: Buffer): boolean {
    this.fragments = before;
    this.fragmentBytes += bytes.length;
    if (this.fragmentBytes > MAX_MESSAGE_BYTES) {
      this.overflow(`a message of ${this.fragmentBytes} bytes`);
      return false;
    }
    if (bytes.length > 0) before.push(Buffer.from(bytes));
    if (!isFinal) return true;
    const message = Buffer.concat(before);
    this.fragments = undefined;
    this.sink.onMessage(message, 0, message.length, this.isCompressed);
    return true;
  }

  private control(opcode: ControlOpcode, payload: Buffer): void {
    if (opcode === OPCODE.close) {
      const problem = closeProblem(payload);
      if (problem !== undefined) this.fault('bad-close', problem);
      this.hasClosed = true;
    }
    this.sink.onControl(opcode, payload);
  }

  /** A frame or message that is too long to be read. */
  overflow(sample: string): void {
    this.fault('oversized-frame', sample);
    this.fragments = undefined;
  }

  fault(kind: StreamFault, sample: string = STREAM_FAULTS[kind]): void {
    this.sink.onFault(kind, sample);
  }
}
