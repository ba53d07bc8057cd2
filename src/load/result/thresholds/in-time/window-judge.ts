// One threshold in time: takes second by second what was measured, in order, and judges each window as it ends, or the whole at
// the end. Memory is that of one window: a long one is kept in parts of several seconds.
import {
  createLatencyHistogram,
  type EncodedHistogram,
  mergeHistograms,
} from '../../../../ledger/latency/latency-histogram.ts';
import type { Threshold } from '../../../plan/thresholds/parse-threshold.ts';
import { holds, isWorse, LEAST_SAMPLES } from './worse.ts';

/** Of one source, in one second. */
export interface MeasuredSecond {
  /** Whole seconds of the machine's monotonic clock. */
  readonly second: number;
  /** Deliveries or events. */
  readonly count: number;
  /** Of those that are measured. */
  readonly latencies: readonly EncodedHistogram[];
  /** A process of the generator was held up: a breach is not the hub's. */
  readonly isExcused?: boolean;
}

export interface JudgedWindow {
  readonly value: number;
  readonly fromSecond: number;
  readonly untilSecond: number;
}

/** What became of one threshold in time. */
export interface WindowsOutcome {
  /** Windows that had enough to be judged. */
  readonly judged: number;
  readonly breached: number;
  readonly tooFew: number;
  /** Breached while the generator was held up, and not judged. */
  readonly excused: number;
  readonly worst: JudgedWindow | undefined;
}

interface Part {
  readonly fromSecond: number;
  readonly count: number;
  readonly latency: EncodedHistogram;
  readonly isExcused: boolean;
}

/** A window is put together from at least so many parts, where its length allows. */
const LEAST_PARTS = 30;

export class WindowJudge {
  readonly threshold: Threshold;
  private readonly windowSeconds: number;
  private readonly partSeconds: number;
  private parts: Part[] = [];
  private current = createLatencyHistogram();
  private currentCount = 0;
  private isCurrentExcused = false;
  private currentFrom: number | undefined;
  private nextSecond: number | undefined;
  /** Of a whole: it may have seconds in between that are not its own. */
  private wholeSeconds = 0;
  /** A whole is over: nothing is added to it any more. */
  hasEnded = false;
  private judged = 0;
  private breached = 0;
  private tooFew = 0;
  private excused = 0;
  private worst: JudgedWindow | undefined;

  constructor(threshold: Threshold) {
    this.threshold = threshold;
    this.windowSeconds =
      threshold.windowMillis === undefined ? Number.POSITIVE_INFINITY : threshold.windowMillis / 1e3;
    this.partSeconds = partOf(this.windowSeconds);
  }

  /** In order of time; seconds that are left out end a window. */
  add({ second, count, latencies, isExcused = false }: MeasuredSecond): void {
    if (second !== this.nextSecond) this.restart();
    this.nextSecond = second + 1;
    this.currentFrom ??= second;
    this.wholeSeconds++;
    this.currentCount += count;
    this.isCurrentExcused ||= isExcused;
    for (const latency of latencies) this.current.mergeEncoded(latency);
    if (second + 1 - this.currentFrom >= this.partSeconds) this.endPart(this.currentFrom);
  }

  /** So far. */
  outcome(): WindowsOutcome {
    const { judged, breached, tooFew, excused, worst } = this;
    return this.windowSeconds === Number.POSITIVE_INFINITY
      ? this.wholeSoFar()
      : { judged, breached, tooFew, excused, worst };
  }

  private wholeSoFar(): WindowsOutcome {
    const [fromSecond, untilSecond] = [this.currentFrom ?? 0, this.nextSecond ?? 0];
    const value = this.valueOf(this.currentCount, this.current.encode(), this.wholeSeconds);
    if (value === undefined) return { judged: 0, breached: 0, tooFew: 1, excused: 0, worst: undefined };
    const breached = holds(this.threshold, value) ? 0 : 1;
    return { judged: 1, breached, tooFew: 0, excused: 0, worst: { value, fromSecond, untilSecond } };
  }

  private restart(): void {
    // The whole goes on where seconds are left out.
    if (this.windowSeconds === Number.POSITIVE_INFINITY) return;
    this.parts = [];
    this.resetCurrent();
  }

  private resetCurrent(): void {
    this.current.reset();
    this.currentCount = 0;
    this.isCurrentExcused = false;
    this.currentFrom = undefined;
  }

  private endPart(fromSecond: number): void {
    this.parts.push({
      fromSecond,
      count: this.currentCount,
      latency: this.current.encode(),
      isExcused: this.isCurrentExcused,
    });
    this.resetCurrent();
    const wanted = this.windowSeconds / this.partSeconds;
    if (this.parts.length > wanted) this.parts.shift();
    const [first] = this.parts;
    if (first === undefined || this.parts.length < wanted) return;
    const count = this.parts.reduce((sum, part) => sum + part.count, 0);
    const latency = mergeHistograms(this.parts.map((part) => part.latency)).encode();
    const isExcused = this.parts.some((part) => part.isExcused);
    this.judge(first.fromSecond, count, latency, isExcused);
  }

  private judge(fromSecond: number, count: number, latency: EncodedHistogram, isExcused: boolean): void {
    const value = this.valueOf(count, latency, this.windowSeconds);
    if (value === undefined) {
      this.tooFew++;
      return;
    }
    const isBreached = !holds(this.threshold, value);
    if (isBreached && isExcused) {
      this.excused++;
      return;
    }
    this.judged++;
    if (isBreached) this.breached++;
    if (this.worst !== undefined && !isWorse(this.threshold, value, this.worst.value)) return;
    this.worst = { value, fromSecond, untilSecond: fromSecond + this.windowSeconds };
  }

  /** Undefined where there was too little for this field. */
  private valueOf(count: number, encoded: EncodedHistogram, seconds: number): number | undefined {
    const { metric, field = '' } = this.threshold;
    if (metric === 'deliveries' || metric === 'published') return seconds === 0 ? undefined : count / seconds;
    const latency = mergeHistograms([encoded]);
    if (latency.count < (LEAST_SAMPLES[field] ?? 1)) return undefined;
    return latency.summary()[field as 'p99'];
  }
}

/** The longest part, in whole seconds, of which a window has enough. */
function partOf(windowSeconds: number): number {
  if (windowSeconds === Number.POSITIVE_INFINITY) return windowSeconds;
  let seconds = Math.max(1, Math.floor(windowSeconds / LEAST_PARTS));
  while (windowSeconds % seconds !== 0) seconds--;
  return seconds;
}
