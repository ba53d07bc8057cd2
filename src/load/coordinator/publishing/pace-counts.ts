// Whether events went out as fast as they came due in the measured time, and how much of that time the publisher waited
// for the hub's answers. Only counts; result/findings/pace.ts judges them.

export interface PaceCounts {
  /** Due in the measured time. */
  readonly askedEvents: number;
  /** Of those, the ones sent before it ended. */
  readonly sentEvents: number;
  readonly refusedEvents: number;
  readonly requests: number;
  /** Between sending and answer, of requests in the measured time. */
  readonly waitedMicros: number;
  /** The longest of these waits. */
  readonly longestMicros: number;
  /** Waiting for the next event to come due. */
  readonly idleMicros: number;
  readonly measuredMicros: number;
}

/** Events that were not sent are counted up to the number of those that were: enough to see that the pace was missed. */
const MAX_BACKLOG_FACTOR = 1;
const LEAST_BACKLOG = 10_000;

export class PaceWatch {
  fromMicros = Number.POSITIVE_INFINITY;
  untilMicros = Number.POSITIVE_INFINITY;
  private asked = 0;
  private sent = 0;
  private refused = 0;
  private requests = 0;
  private waitedMicros = 0;
  private longestMicros = 0;
  private idleMicros = 0;

  isMeasured(dueMicros: number): boolean {
    return dueMicros >= this.fromMicros && dueMicros < this.untilMicros;
  }

  addEvent(dueMicros: number, sentMicros: number, isRefused: boolean): void {
    if (!this.isMeasured(dueMicros)) return;
    this.asked++;
    if (sentMicros < this.untilMicros) this.sent++;
    if (isRefused) this.refused++;
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

  /** The events that came due and were not sent; reads on until one is due later. */
  addBacklog(
    schedule: Iterator<{ readonly dueMicros: number }>,
    first: { readonly dueMicros: number },
  ): void {
    const most = this.asked + Math.max(LEAST_BACKLOG, this.asked * MAX_BACKLOG_FACTOR);
    for (let due = first.dueMicros; due < this.untilMicros && this.asked < most; ) {
      if (this.isMeasured(due)) this.asked++;
      const next = schedule.next();
      if (next.done) return;
      due = next.value.dueMicros;
    }
  }

  counts(): PaceCounts | undefined {
    if (!Number.isFinite(this.untilMicros)) return undefined;
    return {
      askedEvents: this.asked,
      sentEvents: this.sent,
      refusedEvents: this.refused,
      requests: this.requests,
      waitedMicros: this.waitedMicros,
      longestMicros: this.longestMicros,
      idleMicros: this.idleMicros,
      measuredMicros: this.untilMicros - this.fromMicros,
    };
  }
}
