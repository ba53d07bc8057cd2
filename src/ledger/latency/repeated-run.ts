// Clients that stand at the same place and are read at the same time have the same latencies. Those of the first are recorded
// as they come; the others are counted here, and recorded together. HOT (receive.bench.ts guards it).
import type { LatencyBounds } from './latency-bounds.ts';
import type { LatencyHistogram } from './latency-histogram.ts';

/** Longer runs are recorded one by one. */
const MOST_EVENTS = 256;

export class RepeatedRun {
  private dues: Float64Array | undefined = undefined;
  private first = 0;
  private end = 0;
  private nowMicros = 0;
  private times = 0;
  private readonly measured = new Float64Array(MOST_EVENTS);
  private noted = 0;

  /** Counts the run once more; false when it is another one. */
  repeats(dues: Float64Array, first: number, end: number, nowMicros: number): boolean {
    if (nowMicros !== this.nowMicros || first !== this.first || end !== this.end || dues !== this.dues)
      return false;
    this.times++;
    return true;
  }

  /** Only when it is settled. */
  begin(dues: Float64Array, first: number, end: number, nowMicros: number): void {
    this.dues = end - first > MOST_EVENTS ? undefined : dues;
    this.first = first;
    this.end = end;
    this.nowMicros = nowMicros;
  }

  /** One event of the run that has begun: its latency is recorded. */
  note(dueMicros: number): void {
    if (this.dues !== undefined) this.measured[this.noted++] = dueMicros;
  }

  /** Records what was repeated, and forgets the run. */
  settle(into: LatencyHistogram, bounds: LatencyBounds | undefined): void {
    const { times, nowMicros } = this;
    if (times > 0)
      for (let at = 0; at < this.noted; at++) {
        const dueMicros = this.measured[at] as number;
        const micros =
          bounds === undefined ? nowMicros - dueMicros : bounds.record(dueMicros, times, nowMicros);
        into.recordMany(micros, times);
      }
    this.times = 0;
    this.noted = 0;
    this.dues = undefined;
  }
}
