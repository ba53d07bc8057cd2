// What one fault cost the clients, summed up while a run goes on.
import type { FaultResult } from '../../result/faults/fault-result.ts';
import type { AttemptCount, DropCount, ReturnRecord } from '../../worker/returns/return-messages.ts';
import { Tally } from './tally.ts';

/** Workers hand in the attempts of a second within this time. */
const OPEN_SECONDS = 5;

/** A client that a fault dropped, once it is known what it missed. */
export interface PlacedReturn {
  readonly record: ReturnRecord;
  /** Accepted while it was away. */
  readonly missed: number;
  /** Accepted after its new handshake and before its first event. */
  readonly lateJoin: number;
}

/** All but what the window of a fault says itself. */
export type CostOfFault = Pick<
  FaultResult,
  | 'dropped'
  | 'droppedKept'
  | 'returned'
  | 'mustReturn'
  | 'recovered'
  | 'refusedMillis'
  | 'reconnectMillis'
  | 'firstEventMillis'
  | 'attempts'
  | 'missed'
  | 'lateJoin'
>;

export const NO_COST: CostOfFault = {
  dropped: 0,
  droppedKept: 0,
  returned: 0,
  mustReturn: 0,
  recovered: 0,
  refusedMillis: null,
  reconnectMillis: null,
  firstEventMillis: null,
  attempts: { total: 0, failed: 0, peakPerSecond: 0 },
  missed: { total: 0, p50: 0, p99: 0, max: 0 },
  lateJoin: { total: 0, max: 0 },
};

/** Which cohorts a hub must keep, and which of them come back. */
export interface JudgedCohorts {
  readonly kept: ReadonlySet<string>;
  readonly mustReturn: ReadonlySet<string>;
}

export class FaultCost {
  private readonly droppedBy = new Map<string, number>();
  private readonly returnedBy = new Map<string, number>();
  private readonly reconnectMillis = new Tally();
  private readonly firstEventAtMillis = new Tally();
  private readonly missed = new Tally();
  private readonly lateJoin = new Tally();
  private attempts = 0;
  private failed = 0;
  private peakPerSecond = 0;
  private readonly bySecond = new Map<number, number>();
  private servedAgainAtMicros: number | undefined;

  addDrop({ cohort, clients }: DropCount): void {
    this.droppedBy.set(cohort, (this.droppedBy.get(cohort) ?? 0) + clients);
  }

  addAttempts({ second, total, failed, servedAgainAtMicros }: AttemptCount): void {
    this.attempts += total;
    this.failed += failed;
    const inSecond = (this.bySecond.get(second) ?? 0) + total;
    this.bySecond.set(second, inSecond);
    this.peakPerSecond = Math.max(this.peakPerSecond, inSecond);
    for (const old of this.bySecond.keys()) if (old < second - OPEN_SECONDS) this.bySecond.delete(old);
    if (servedAgainAtMicros !== undefined)
      this.servedAgainAtMicros = Math.min(
        servedAgainAtMicros,
        this.servedAgainAtMicros ?? Number.POSITIVE_INFINITY,
      );
  }

  /** `fromMicros`: when the fault began. */
  addReturn({ record, missed, lateJoin }: PlacedReturn, fromMicros: number): void {
    const { cohort, endedAtMicros, connectedAtMicros, firstEvent } = record;
    this.missed.add(missed);
    if (connectedAtMicros !== undefined) this.reconnectMillis.add((connectedAtMicros - endedAtMicros) / 1e3);
    // Of a client that it dropped again, only the last return counts.
    const before = record.isRepeated ? 1 : 0;
    const now = firstEvent === undefined ? 0 : 1;
    this.returnedBy.set(cohort, (this.returnedBy.get(cohort) ?? 0) + now - before);
    if (firstEvent === undefined) return;
    this.lateJoin.add(lateJoin);
    this.firstEventAtMillis.add((firstEvent.atMicros - fromMicros) / 1e3);
  }

  result(fromMicros: number, { kept, mustReturn }: JudgedCohorts): CostOfFault {
    const sum = (counts: ReadonlyMap<string, number>, of?: ReadonlySet<string>) =>
      [...counts].reduce(
        (total, [cohort, count]) => total + (of === undefined || of.has(cohort) ? count : 0),
        0,
      );
    const lateJoin = this.lateJoin.summary();
    return {
      dropped: sum(this.droppedBy),
      droppedKept: sum(this.droppedBy, kept),
      returned: sum(this.returnedBy),
      mustReturn: sum(this.droppedBy, mustReturn),
      recovered: sum(this.returnedBy, mustReturn),
      refusedMillis:
        this.servedAgainAtMicros === undefined
          ? null
          : Math.round((this.servedAgainAtMicros - fromMicros) / 1e3),
      reconnectMillis: millisOf(this.reconnectMillis),
      firstEventMillis: millisOf(this.firstEventAtMillis),
      attempts: { total: this.attempts, failed: this.failed, peakPerSecond: this.peakPerSecond },
      missed: this.missed.summary(),
      lateJoin: { total: lateJoin.total, max: lateJoin.max },
    };
  }
}

function millisOf(tally: Tally): FaultResult['firstEventMillis'] {
  if (tally.count === 0) return null;
  const { p50, p99, max } = tally.summary();
  return { p50, p99, max };
}
