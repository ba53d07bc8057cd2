// What one client received besides events in their turn: messages that are judged by themselves, foreign ones, altered
// ones, and faults. Apart from the reader because nothing here runs for a delivery that equals the log.
import { alteredMark, type EntryTable, FOREIGN_MARK } from '../events/entry-table.ts';
import type { FrameLog, WireMessage } from '../events/event-log.ts';
import type { DeliveryRecorder } from '../latency/delivery-recorder.ts';
import type { ClientSnapshot } from '../ledger.ts';
import { isPartOfFlood, type MessagePart, readMessage } from './message-content.ts';
import type { SequenceAccount } from './sequence-account.ts';
import { FaultTally, type StreamFault } from './stream-faults.ts';

export class MessageJudge {
  /** Messages whose bytes were not those that came next in the log. */
  judgedSingly = 0;
  private foreign = 0;
  private faults: FaultTally | undefined = undefined;
  private readonly account: SequenceAccount;
  private readonly recorder: DeliveryRecorder;

  constructor(account: SequenceAccount, recorder: DeliveryRecorder) {
    this.account = account;
    this.recorder = recorder;
  }

  /** An entry of the log that is not the event expected next. */
  takeEntry(table: EntryTable, entry: number, nowMicros: number): void {
    const mark = table.markOf(entry);
    if (mark === FOREIGN_MARK) {
      this.foreign++;
      return;
    }
    const sequence = mark < 0 ? alteredMark(mark) : mark;
    if (mark < 0) this.fault('not-what-was-published', `event ${sequence}`);
    const dueMicros = table.dueOf(entry);
    if (this.account.take(sequence, dueMicros)) this.recorder.delivered(dueMicros, nowMicros);
  }

  /** `plain` is the message inflated; returns the entry of the log that comes next for a client at `entry`. */
  judge(log: FrameLog, wire: WireMessage, plain: Buffer, entry: number, nowMicros: number): number {
    if (isPartOfFlood(this.judgedSingly, plain, log.runId)) {
      this.foreign++;
      return entry;
    }
    const { fault, text, parts } = readMessage(plain, log.runId);
    if (fault !== undefined) this.fault(fault, text);
    let next = entry;
    for (const part of parts) {
      const bytes = part.bytes === plain ? wire : { payload: part.bytes, isCompressed: false };
      next = this.judgePart(log, part, bytes, next, nowMicros);
    }
    return next;
  }

  private judgePart(
    log: FrameLog,
    { reading, text, bytes }: MessagePart,
    wire: WireMessage,
    entry: number,
    nowMicros: number,
  ): number {
    if (reading.kind === 'damaged') {
      this.fault('not-what-was-published', text);
      return entry;
    }
    if (reading.kind === 'foreign') {
      this.foreign++;
      return entry === log.table.count ? log.appendForeign(wire, bytes.length) + 1 : entry;
    }
    const { sequence } = reading;
    const placed = log.place(reading, wire, bytes.length);
    log.arrivals?.note(sequence, reading.dueMicros, nowMicros);
    const isOther =
      reading.content === 'unchecked' && log.table.contentHashOf(placed) !== reading.contentHash;
    if (reading.content === 'altered' || isOther) this.fault('not-what-was-published', text);
    const isAhead = sequence >= this.account.next;
    if (this.account.take(sequence, reading.dueMicros)) this.recorder.delivered(reading.dueMicros, nowMicros);
    return placed === entry || (isAhead && placed > entry) ? placed + 1 : entry;
  }

  fault(kind: StreamFault, sample: string): void {
    this.faults ??= new FaultTally();
    this.faults.add(kind, sample);
  }

  snapshot(): Pick<ClientSnapshot, 'corrupted' | 'foreign' | 'judgedSingly' | 'faults'> {
    return {
      corrupted: this.faults?.corrupted ?? 0,
      foreign: this.foreign,
      judgedSingly: this.judgedSingly,
      faults: this.faults?.list() ?? [],
    };
  }
}
