// Whether events went out as fast as they came due in the measured time, and how much of that time the publisher waited
// for the hub's answers. Only counts; result/findings/pace.ts judges them.
import { createLatencyHistogram } from '../../../ledger/latency/latency-histogram.ts';

export interface PaceCounts {
  /** Due in the measured time. */
  readonly askedEvents: number;
  /** Of those, the ones sent before it ended. */
  readonly sentEvents: number;
  readonly refusedEvents: number;
  /** Of those that were not sent, the ones that a fault of the hub kept back. */
  readonly excusedEvents: number;
  /** The p99 of how late events were sent that no fault kept back. */
  readonly lateMicros: number;
  readonly requests: number;
  /** Between sending and answer, of requests in the measured time. */
  readonly waitedMicros: number;
  /** The longest of these waits. */
  readonly longestMicros: number;
  /** Waiting for the next event to come due. */
  readonly idleMicros: number;
  readonly measuredMicros: number;
}

/** Events that were not sent are counted up to this number; a longer backlog is extrapolated, as reading it takes time. */
const MAX_READ_EVENTS = 10_000;

interface DueMoment {
  readonly dueMicros: number;
}

export class PaceWatch {
  fromMicros = Number.POSITIVE_INFINITY;
  untilMicros = Number.POSITIVE_INFINITY;
  private asked = 0;
  private sent = 0;
  private refused = 0;
  private excused = 0;
  private readonly lateness = createLatencyHistogram();
  private requests = 0;
  private waitedMicros = 0;
  private longestMicros = 0;
  private idleMicros = 0;

  isMeasured(dueMicros: number): boolean {
    return dueMicros >= this.fromMicros && dueMicros < this.untilMicros;
  }

  /** `isExcused`: a fault of the hub kept it back. */
  addEvent(dueMicros: number, sentMicros: number, isRefused: boolean, isExcused = false): void {
    // As all lateness is: also what came due when the measured time was over.
    if (dueMicros >= this.fromMicros && !isExcused) this.lateness.record(sentMicros - dueMicros);
    if (!this.isMeasured(dueMicros)) return;
    this.asked++;
    if (sentMicros < this.untilMicros) this.sent++;
    else if (isExcused) this.excused++;
    if (isRefused && !isExcused) this.refused++;
  }

  addRequest(sentMicros: number, answeredMicros: number): void {
    const waited = this.measuredPart(sentMicros, answeredMicros);
    if (waited > 0) this.requests++;
    this.waitedMicros += waited;
    this.longestMicros = Math.max(this.longestMicros, waited);
  }

  addIdle(fromMicros: number, untilMicros: number): void {
    this.idleMicros += this.measuredPart(fromMicros, untilMicros);
  }

  private measuredPart(fromMicros: number, untilMicros: number): number {
    return Math.max(0, Math.min(untilMicros, this.untilMicros) - Math.max(fromMicros, this.fromMicros));
  }

  /** The events that came due and were not sent, from `first` on. */
  addBacklog(schedule: Iterator<DueMoment>, first: DueMoment, isExcused = false): void {
    const before = this.asked;
    this.readBacklog(schedule, first);
    if (isExcused) this.excused += this.asked - before;
  }

  private readBacklog(schedule: Iterator<DueMoment>, first: DueMoment): void {
    let measured = 0;
    let { dueMicros } = first;
    for (let read = 1; dueMicros < this.untilMicros; read++) {
      if (read > MAX_READ_EVENTS) {
        this.asked += this.extrapolate(first.dueMicros, dueMicros);
        return;
      }
      if (this.isMeasured(dueMicros)) measured++;
      const next = schedule.next();
      if (next.done) break;
      dueMicros = next.value.dueMicros;
    }
    this.asked += measured;
  }

  /** How many of the backlog came due in the measured time, when those that were read did so between these moments. */
  private extrapolate(firstMicros: number, lastMicros: number): number {
    const perMicro = lastMicros > firstMicros ? MAX_READ_EVENTS / (lastMicros - firstMicros) : 0;
    const due = Math.round(perMicro * this.measuredPart(firstMicros, this.untilMicros));
    return Math.max(MAX_READ_EVENTS, due);
  }

  counts(): PaceCounts | undefined {
    if (!Number.isFinite(this.untilMicros)) return undefined;
    return {
      askedEvents: this.asked,
      sentEvents: this.sent,
      refusedEvents: this.refused,
      excusedEvents: this.excused,
      lateMicros: this.lateness.summary().p99,
      requests: this.requests,
      waitedMicros: this.waitedMicros,
      longestMicros: this.longestMicros,
      idleMicros: this.idleMicros,
      measuredMicros: this.untilMicros - this.fromMicros,
    };
  }
}
