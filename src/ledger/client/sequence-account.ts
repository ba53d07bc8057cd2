// One client's account of order, loss and duplicates, from nothing but the sequence numbers as they arrive, over all of its
// connections. Hot (receive.bench.ts): in order it is two additions, and no memory beyond this object.
import type { ClientSnapshot } from '../ledger.ts';
import type { RefusedEvents } from '../refused-events.ts';
import { AwayRanges } from './away-ranges.ts';
import { MissingRanges } from './missing-ranges.ts';

export interface SequenceSnapshot
  extends Pick<
    ClientSnapshot,
    'firstSequence' | 'nextSequence' | 'received' | 'missing' | 'duplicated' | 'reordered' | 'unplaced'
  > {
  readonly away: number;
  readonly replayed: number;
}

/** An event that was published so shortly before a client came back may be distributed just now. */
const OVERLAP_MICROS = 250_000;

export class SequenceAccount {
  /** The sequence after the highest received; -1 before the first event of a connection. */
  next = -1;
  /** Distinct sequences received. */
  received = 0;
  /** The lowest sequence received; -1 before the first. The client takes part from here on (join barrier). */
  first = -1;
  duplicated = 0;
  /** Sequences received after a higher one. */
  reordered = 0;
  /** Late sequences that may be duplicates or fill a forgotten gap. */
  unplaced = 0;
  /** What `next` was when the client came back; -1 on its first connection. */
  had = -1;
  /** Events from before a return that came again after it. */
  replayed = 0;
  private gaps: MissingRanges | undefined = undefined;
  private aways: AwayRanges | undefined = undefined;
  /** The lowest sequence of this connection. */
  private firstHere = -1;
  private returnedAtMicros = 0;
  private onFirst: ((sequence: number) => void) | undefined = undefined;

  get missing(): number {
    return this.gaps === undefined ? 0 : this.gaps.missing;
  }

  /** Of events that the client did not get because it was away. */
  get away(): number {
    return this.aways === undefined ? 0 : this.aways.events;
  }

  /** No event has come on this connection. */
  get isWaiting(): boolean {
    return this.next === -1;
  }

  /** A connection begins; `onFirst` hears of its first event, replayed ones aside. */
  begin(nowMicros: number, refused: RefusedEvents, onFirst?: (sequence: number) => void): void {
    if (this.next !== -1) this.had = this.next;
    this.next = -1;
    this.returnedAtMicros = nowMicros;
    this.onFirst = onFirst;
    this.aways?.settle(refused);
  }

  /** Takes `count` sequences from `next` on. Sums of small integers keep the fields small integers. */
  takeRun(count: number): void {
    this.next += count;
    this.received += count;
  }

  /** True when this sequence had not been received before. */
  take(sequence: number, dueMicros = 0): boolean {
    if (sequence !== this.next) return this.takeOutOfTurn(sequence, dueMicros);
    this.takeRun(1);
    return true;
  }

  private takeOutOfTurn(sequence: number, dueMicros: number): boolean {
    if (sequence < this.had) {
      if (dueMicros < this.returnedAtMicros - OVERLAP_MICROS) this.replayed++;
      return false;
    }
    if (this.next === -1) {
      this.takeFirst(sequence);
    } else if (sequence > this.next) {
      this.gap(this.next, sequence - 1);
      this.next = sequence + 1;
    } else if (sequence < this.firstHere) {
      // Of what was published while it was away, a client may get a later part, and nothing of before that part.
      if (this.had !== -1) return this.takeLate();
      // An earlier one arrives late: the client had joined by then, so the events in between are expected too.
      if (sequence + 1 < this.first) this.gap(sequence + 1, this.first - 1);
      this.first = sequence;
      this.firstHere = sequence;
      this.reordered++;
    } else if (this.gaps?.fill(sequence)) {
      this.reordered++;
    } else if (sequence < (this.gaps?.forgottenBelow ?? 0)) {
      this.unplaced++;
      return false;
    } else {
      this.duplicated++;
      return false;
    }
    this.received++;
    return true;
  }

  private takeFirst(sequence: number): void {
    if (this.had === -1) this.first = sequence;
    else if (sequence > this.had) {
      this.aways ??= new AwayRanges();
      this.aways.add(this.had, sequence - 1);
    }
    this.firstHere = sequence;
    this.next = sequence + 1;
    this.onFirst?.(sequence);
    this.onFirst = undefined;
  }

  private takeLate(): boolean {
    this.reordered++;
    return false;
  }

  /** How many sequences from `from` to `to` inclusive, all between the first and the next, were not received. */
  missingWithin(from: number, to: number): number {
    return this.gaps === undefined ? 0 : this.gaps.countWithin(from, to);
  }

  awayWithin(from: number, to: number): number {
    return this.aways === undefined ? 0 : this.aways.countWithin(from, to);
  }

  get settledUnowed(): number {
    return this.aways === undefined ? 0 : this.aways.settledUnowed;
  }

  private gap(from: number, to: number): void {
    this.gaps ??= new MissingRanges();
    this.gaps.add(from, to);
  }

  snapshot(): SequenceSnapshot {
    const next = this.next === -1 ? this.had : this.next;
    return {
      firstSequence: this.first === -1 ? undefined : this.first,
      nextSequence: next === -1 ? undefined : next,
      received: this.received,
      missing: this.missing,
      away: this.away,
      replayed: this.replayed,
      duplicated: this.duplicated,
      reordered: this.reordered,
      unplaced: this.unplaced,
    };
  }
}
