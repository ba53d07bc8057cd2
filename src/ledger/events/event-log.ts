// The events of a run in the order in which the first client of this process saw them, as frames: one log for all
// clients, against which each compares what it reads. Apart from the clients because an event is parsed, validated and
// judged here once, and everywhere else only compared.
import { validateEnvelope } from '../../protocol/envelope-validation.ts';
import { hashBytes } from '../../protocol/hash.ts';
import { COMPRESSED_BIT } from '../../wire/deflate.ts';
import { OPCODE, shortestHeaderBytes } from '../../wire/frame-header.ts';
import { encodeFrame } from '../../wire/frame-writer.ts';
import type { EventLog, EventLogOptions, EventLogSnapshot, ProblemCount } from '../ledger.ts';
import { ByteRing } from './byte-ring.ts';
import { alteredMark, EntryTable, FOREIGN_MARK } from './entry-table.ts';
import type { EventReading } from './event-reading.ts';
import type { FirstArrivals } from './first-arrivals.ts';
import { FrameSizes } from './frame-sizes.ts';
import { SagaOrder } from './saga-order.ts';

const DEFAULT_RING_BYTES = 8 * 1_024 * 1_024;
const DEFAULT_MAX_EVENTS = 2 ** 20;
const MAX_SAMPLES = 10;

/** Reads along the log; called before the log forgets bytes that the follower may be in the middle of. */
export interface LogFollower {
  /** The log forgets the bytes before `offset` next: copy what is still needed of an unfinished frame. */
  leaveBefore(offset: number): void;
}

/** A message as it is on the wire. */
export interface WireMessage {
  readonly payload: Buffer;
  readonly isCompressed: boolean;
}

/** What a client completed last that had nothing but events in their turn: most clients do the same after it. */
class LastRun {
  /** From which entry to which, at what byte of the log; -1 before the first. */
  first = -1;
  end = -1;
  target = -1;
  /** The sequence that this client expected. */
  next = -1;

  set(first: number, end: number, target: number, next: number): void {
    this.first = first;
    this.end = end;
    this.target = target;
    this.next = next;
  }
}

export class FrameLog implements EventLog {
  readonly runId: string;
  readonly ring: ByteRing;
  readonly table: EntryTable;
  readonly lastRun = new LastRun();
  readonly followers = new Set<LogFollower>();
  /** Undefined where nobody compares several hubs. */
  readonly arrivals: FirstArrivals | undefined;
  /** Of events that came compressed. */
  readonly frameSizes: FrameSizes;
  private readonly options: EventLogOptions;
  private deflatedLog: FrameLog | undefined;
  private readonly sagaOrder = new SagaOrder();
  private readonly schemaProblems = new Problems();
  private readonly publishedSchemaProblems = new Problems();
  private readonly undocumented = new Problems();
  private readonly sagaProblems = new Problems();
  private events = 0;
  private foreignEvents = 0;
  private lowest = Number.POSITIVE_INFINITY;
  private highest = -1;

  constructor(options: EventLogOptions, frameSizes = new FrameSizes()) {
    this.options = options;
    this.frameSizes = frameSizes;
    this.runId = options.runId;
    this.arrivals = options.arrivals;
    this.ring = new ByteRing(options.ringBytes ?? DEFAULT_RING_BYTES);
    this.table = new EntryTable(options.maxEvents ?? DEFAULT_MAX_EVENTS);
  }

  /** Where the entry's frame begins; the end of the log for the entry that is yet to come. */
  startOf(entry: number): number {
    if (entry >= this.table.count) return this.ring.end;
    const payloadBytes = this.table.payloadBytesOf(entry);
    return this.table.endOf(entry) - payloadBytes - shortestHeaderBytes(payloadBytes);
  }

  /** Whether the entry is known, and its payload `buffer` from `from` to `to`; by hash where the bytes are gone. */
  hasPayload(entry: number, buffer: Buffer, from: number, to: number, isCompressed: boolean): boolean {
    if (entry < this.table.first || entry >= this.table.count) return false;
    if (this.table.payloadBytesOf(entry) !== to - from) return false;
    if (this.table.isCompressed(entry) !== isCompressed) return false;
    const payloadStart = this.table.endOf(entry) - (to - from);
    if (payloadStart >= this.ring.start) return this.ring.equals(payloadStart, buffer, from, to);
    return this.table.bytesHashOf(entry) === hashBytes(buffer, from, to);
  }

  /** The log of the clients that get the same compressed frames; made with the first of them. */
  deflated(): FrameLog {
    this.deflatedLog ??= new FrameLog(this.options, this.frameSizes);
    return this.deflatedLog;
  }

  appendForeign(wire: WireMessage, plainBytes: number): number {
    this.foreignEvents++;
    return this.append(wire, plainBytes, FOREIGN_MARK, 0, 0);
  }

  /** The entry of an event; appended when it is new, or intact while the log only has it altered. */
  place(reading: EventReading & { kind: 'event' }, wire: WireMessage, plainBytes: number): number {
    this.options.digests?.note(reading.sequence, reading.envelope);
    const entry = this.table.find(reading.sequence);
    const isIntactKnown = entry !== -1 && this.table.markOf(entry) >= 0;
    const isNew = entry === -1 || (reading.content === 'intact' && !isIntactKnown);
    return isNew ? this.appendEvent(reading, wire, plainBytes) : entry;
  }

  private appendEvent(
    reading: EventReading & { kind: 'event' },
    wire: WireMessage,
    plainBytes: number,
  ): number {
    const { sequence } = reading;
    const mark = reading.content === 'altered' ? alteredMark(sequence) : sequence;
    if (this.table.find(sequence) === -1) this.events++;
    if (sequence < this.lowest) this.lowest = sequence;
    if (sequence > this.highest) this.highest = sequence;
    this.judge(reading);
    return this.append(wire, plainBytes, mark, reading.dueMicros, reading.contentHash);
  }

  /** Of this log, and of the one of compressed frames where it is used. */
  snapshots(): EventLogSnapshot[] {
    return [this, this.deflatedLog].flatMap((log) => log?.snapshot() ?? []);
  }

  snapshot(): EventLogSnapshot {
    return {
      events: this.events,
      foreignEvents: this.foreignEvents,
      lowestSequence: this.events === 0 ? undefined : this.lowest,
      highestSequence: this.events === 0 ? undefined : this.highest,
      schemaProblems: this.schemaProblems.counted(),
      publishedSchemaProblems: this.publishedSchemaProblems.counted(),
      undocumentedTypes: this.undocumented.counted(),
      sagaProblems: this.sagaProblems.counted(),
    };
  }

  private judge({ envelope, sequence, content }: EventReading & { kind: 'event' }): void {
    const verdict = validateEnvelope(envelope);
    if (!verdict.ok) {
      const problems = content === 'intact' ? this.publishedSchemaProblems : this.schemaProblems;
      problems.add(`event ${sequence}: ${verdict.problem}`);
      return;
    }
    if (!verdict.isDocumented) this.undocumented.add(`event ${sequence}: type ${verdict.envelope.type}`);
    const disorder = this.sagaOrder.judge(verdict.envelope, sequence);
    if (disorder !== undefined) this.sagaProblems.add(`event ${sequence}: ${disorder}`);
  }

  private append(
    { payload, isCompressed }: WireMessage,
    plainBytes: number,
    mark: number,
    due: number,
    content: number,
  ): number {
    const reservedBits = isCompressed ? COMPRESSED_BIT : 0;
    const frame = encodeFrame({ opcode: OPCODE.text, reservedBits, payload });
    this.makeRoom(frame.length);
    if (frame.length > this.ring.capacityBytes) this.ring.skip(frame.length);
    else this.ring.append(frame);
    const hashes = { bytes: hashBytes(payload, 0, payload.length), content };
    const sizes = { payload: payload.length, plain: plainBytes, isCompressed };
    return this.table.append(this.ring.end, mark, due, sizes, hashes);
  }

  private makeRoom(frameBytes: number): void {
    if (this.table.isFull) {
      this.forget(this.startOf(this.table.first + (this.table.mask + 1) / 16));
      this.table.forgetOldest();
    }
    const { ring } = this;
    const needed = ring.end + frameBytes - ring.capacityBytes;
    // A sixteenth more than needed, so that followers are called seldom.
    if (needed > ring.start) this.forget(Math.min(ring.end, needed + ring.capacityBytes / 16));
  }

  private forget(offset: number): void {
    if (offset <= this.ring.start) return;
    for (const follower of this.followers) follower.leaveBefore(offset);
    this.ring.forget(offset);
  }
}

/** A count and its first few sentences. */
class Problems {
  private count = 0;
  private readonly samples: string[] = [];

  add(sentence: string): void {
    this.count++;
    if (this.samples.length < MAX_SAMPLES) this.samples.push(sentence);
  }

  counted(): ProblemCount {
    return { count: this.count, samples: [...this.samples] };
  }
}

export function createEventLog(options: EventLogOptions): FrameLog {
  return new FrameLog(options);
}
