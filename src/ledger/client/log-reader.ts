// What one connection of a client reads. HOT: `onBytes` runs once per read of each of thousands of clients (receive.bench.ts guards it).
// Rule: what a client reads is compared with the log in one native call; equal bytes are counted without parsing.
// No allocation, closure or JSON there; only what differs goes to the frame stream and is judged singly.
import { OPCODE } from '../../wire/frame-header.ts';
import { decodeClosePayload } from '../../wire/frame-writer.ts';
import type { FrameLog, LogFollower } from '../events/event-log.ts';
import { FrameStream } from '../events/frame-stream.ts';
import type { FrameSink } from '../events/message-assembler.ts';
import type { DeliveryRecorder } from '../latency/delivery-recorder.ts';
import type { ClientLedger, ClientSnapshot, CompressedBytes, ControlListener } from '../ledger.ts';
import { type RefusedEvents, withoutRefused } from '../refused-events.ts';
import { ClientDeflate } from './client-deflate.ts';
import { MessageJudge } from './message-judge.ts';
import { SequenceAccount } from './sequence-account.ts';
import type { ControlOpcode, StreamFault } from './stream-faults.ts';

/** The client has no position in the log: it is inside a frame or message that the stream holds. */
const OFF_LOG = -1;

export class LogReader implements ClientLedger, LogFollower, FrameSink {
  // In the order of their use, so that what every read touches is adjacent: thousands of clients do not fit the cache.
  private log: FrameLog;
  private readonly recorder: DeliveryRecorder;
  private readonly account: SequenceAccount;
  /** The byte of the log that comes next, in the frame of the entry that comes next, or OFF_LOG. */
  private position = OFF_LOG;
  private entry = 0;
  receivedMessages = 0;
  private deflate: ClientDeflate | undefined = undefined;
  private stream: FrameStream | undefined = undefined;
  private nowMicros = 0;
  private readonly listener: ControlListener | undefined;
  private readonly judge: MessageJudge;
  closeCode = 0;
  private isTorn = false;

  constructor(
    log: FrameLog,
    recorder: DeliveryRecorder,
    listener: ControlListener | undefined,
    before: LogReader | undefined,
  ) {
    this.log = log;
    this.recorder = recorder;
    this.account = before?.account ?? new SequenceAccount();
    this.judge = before?.judge ?? new MessageJudge(this.account, recorder);
    this.listener = listener;
    this.follow();
  }

  begin(nowMicros: number, refused: RefusedEvents, onFirst: ((sequence: number) => void) | undefined): void {
    this.account.begin(nowMicros, refused, onFirst);
  }

  get nextSequence(): number {
    return this.account.next;
  }

  get compressedBytes(): CompressedBytes | undefined {
    return this.deflate?.bytes;
  }

  onCompression(answer: string): void {
    this.deflate = new ClientDeflate(answer);
    // A client with a context of its own compares what it has inflated, the others what is on the wire.
    if (this.deflate.keepsContext) this.position = OFF_LOG;
    else {
      this.log.followers.delete(this);
      this.log = this.log.deflated();
      this.follow();
    }
  }

  private follow(): void {
    this.position = this.log.ring.end;
    this.entry = this.log.table.count;
    this.log.followers.add(this);
  }

  onBytes(buffer: Buffer, start: number, end: number, nowMicros: number): void {
    const { ring } = this.log;
    const { position } = this;
    const target = position + (end - start);
    this.recorder.tick(nowMicros);
    if (position >= ring.start && target <= ring.end && ring.equals(position, buffer, start, end)) {
      this.position = target;
      this.completeUpTo(target, nowMicros);
    } else {
      this.nowMicros = nowMicros;
      this.readSingly(buffer, start, end);
    }
  }

  /** Counts the entries whose last byte is before `target`; which they are is known when another client stood here before. */
  private completeUpTo(target: number, nowMicros: number): void {
    const { entry: first } = this;
    const { table, lastRun } = this.log;
    if (lastRun.first === first && lastRun.target === target && lastRun.next === this.account.next)
      this.takeInTurn(lastRun.end, nowMicros);
    else this.completeOneByOne(target, nowMicros);
    this.receivedMessages += this.entry - first;
    if (this.deflate !== undefined) this.deflate.countEntries(table, first, this.entry);
  }

  private completeOneByOne(target: number, nowMicros: number): void {
    const { account, entry: first } = this;
    const { table, lastRun } = this.log;
    const nextBefore = account.next;
    let firstRunEnd = first;
    while (this.entry < table.count && table.endOf(this.entry) <= target) {
      const runEnd = table.endOfRun(this.entry, account.next, target);
      if (this.entry === first) firstRunEnd = runEnd;
      if (runEnd > this.entry) this.takeInTurn(runEnd, nowMicros);
      else this.judge.takeEntry(table, this.entry++, nowMicros);
    }
    if (firstRunEnd === this.entry) lastRun.set(first, firstRunEnd, target, nextBefore);
  }

  private takeInTurn(end: number, nowMicros: number): void {
    const { dues, mask } = this.log.table;
    this.account.takeRun(end - this.entry);
    this.recorder.deliveredRun(dues, mask, this.entry, end, nowMicros);
    this.entry = end;
  }

  /** Reads what differs from the log, frame by frame. */
  private readSingly(buffer: Buffer, start: number, end: number): void {
    this.stream ??= new FrameStream(this, this.deflate !== undefined);
    const { stream } = this;
    this.leaveFrame();
    stream.feed(buffer, start, end);
    const readsAll = this.deflate?.keepsContext === true;
    while (stream.at < stream.end) {
      if (!stream.mustRead && !readsAll) this.readAlong(stream);
      if (stream.at === stream.end || !stream.readFrame()) break;
    }
    stream.settle();
    if (stream.mustRead || stream.isInsideFrame || readsAll) return;
    this.stream = undefined;
    if (this.position === OFF_LOG) this.position = this.startOfEntry();
  }

  private startOfEntry(): number {
    if (this.entry < this.log.table.first) this.entry = this.log.table.first;
    return this.log.startOf(this.entry);
  }

  /** Compares as much as possible with the log: the whole rest, or as much as the log has, or entry by entry. */
  private readAlong(stream: FrameStream): void {
    const { ring, table } = this.log;
    const position = this.startOfEntry();
    if (position < ring.start) return;
    const known = Math.min(stream.end - stream.at, ring.end - position);
    if (known > 0 && ring.equals(position, stream.bytes, stream.at, stream.at + known)) {
      stream.skip(known);
      this.completeUpTo(position + known, this.nowMicros);
      if (stream.at === stream.end) this.position = position + known;
      return;
    }
    let at = position;
    while (this.entry < table.count) {
      const frameBytes = table.endOf(this.entry) - at;
      if (frameBytes > stream.end - stream.at) return;
      if (!ring.equals(at, stream.bytes, stream.at, stream.at + frameBytes)) return;
      stream.skip(frameBytes);
      at += frameBytes;
      this.completeUpTo(at, this.nowMicros);
    }
  }

  private isInsideLogFrame(): boolean {
    return this.position > this.log.ring.start && this.position > this.log.startOf(this.entry);
  }

  /** Gives the part of the current frame that was read along the log to the stream. */
  private leaveFrame(): void {
    if (this.position === OFF_LOG) return;
    const { log, stream } = this;
    if (this.isInsideLogFrame()) stream?.feedCarry(log.ring.copy(log.startOf(this.entry), this.position));
    this.position = OFF_LOG;
  }

  leaveBefore(offset: number): void {
    if (this.position < this.log.ring.start || this.log.startOf(this.entry) >= offset) return;
    if (this.position === this.log.startOf(this.entry)) return;
    this.stream ??= new FrameStream(this, this.deflate !== undefined);
    this.leaveFrame();
  }

  onMessage(bytes: Buffer, from: number, to: number, isCompressed: boolean): void {
    const { deflate, entry } = this;
    if (deflate?.isBroken) return;
    this.receivedMessages++;
    this.judge.judgedSingly++;
    const keepsContext = deflate?.keepsContext === true;
    if (!keepsContext && this.takeKnown(bytes, from, to, isCompressed)) {
      deflate?.countEntries(this.log.table, entry, entry + 1);
      return;
    }
    const wire = bytes.subarray(from, to);
    const plain = isCompressed ? deflate?.inflate(wire) : wire;
    if (plain === undefined) {
      this.onFault('not-inflatable', `a message of ${wire.length} bytes`);
      return;
    }
    if (!keepsContext || !this.takeKnown(plain, 0, plain.length, false)) {
      const logged = keepsContext ? { payload: plain, isCompressed: false } : { payload: wire, isCompressed };
      this.entry = this.judge.judge(this.log, logged, plain, entry, this.nowMicros);
    }
    deflate?.takeMessage(wire.length, plain.length, this.log.frameSizes, this.account.next - 1);
  }

  /** Whether the message is the entry of the log that comes next. */
  private takeKnown(bytes: Buffer, from: number, to: number, isCompressed: boolean): boolean {
    if (!this.log.hasPayload(this.entry, bytes, from, to, isCompressed)) return false;
    this.judge.takeEntry(this.log.table, this.entry++, this.nowMicros);
    return true;
  }

  onControl(opcode: ControlOpcode, payload: Buffer): void {
    if (opcode === OPCODE.close && this.closeCode === 0) this.closeCode = decodeClosePayload(payload).code;
    this.listener?.onControl(opcode, payload);
  }

  onFault(kind: StreamFault, sample: string): void {
    this.judge.fault(kind, sample);
  }

  onEnd(): void {
    this.isTorn = this.isInsideLogFrame() || this.stream?.isInsideFrame === true;
    this.stream = undefined;
    this.close();
  }

  close(): void {
    this.log.followers.delete(this);
    this.position = OFF_LOG;
  }

  snapshot(refused?: RefusedEvents): ClientSnapshot {
    const { account } = this;
    const sequences = account.snapshot();
    return {
      ...(refused === undefined ? sequences : withoutRefused(sequences, refused, account)),
      ...this.judge.snapshot(),
      isTorn: this.isTorn,
      closeCode: this.closeCode,
    };
  }
}
