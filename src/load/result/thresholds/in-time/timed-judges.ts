// All thresholds in time of a run: puts together what worker processes and the publisher hand in for each second, and gives it to
// the thresholds in order, once nothing more of a second can come. What comes later than that is left out.
import type { DeliverySecond } from '../../../../ledger/latency/delivery-recorder.ts';
import type { EncodedHistogram } from '../../../../ledger/latency/latency-histogram.ts';
import type { Phase } from '../../../plan/phase.ts';
import type { Threshold } from '../../../plan/thresholds/parse-threshold.ts';
import { WindowJudge, type WindowsOutcome } from './window-judge.ts';
import { canOnlyGrow } from './worse.ts';

/** Where a number comes from: the deliveries of a cohort, or the events at sending and at their acceptance. */
export type Source = `cohort ${string}` | 'sent' | 'accepted';

export interface MeasuredRun {
  /** Those that have begun. */
  readonly phases: readonly Phase[];
  /** Microseconds of the machine's clock; infinite before the measured time. */
  readonly fromMicros: number;
  readonly untilMicros: number;
}

interface Waiting {
  count: number;
  readonly latencies: EncodedHistogram[];
}

/** A whole, such as a phase, is judged when it is over, or once its maximum breaks the limit. */
function isOver(judge: WindowJudge): boolean {
  return judge.threshold.windowMillis !== undefined || judge.hasEnded || canOnlyGrow(judge.threshold);
}

export class TimedJudges {
  private readonly judges: readonly WindowJudge[];
  private readonly run: () => MeasuredRun;
  /** By second, then by source. */
  private readonly waiting = new Map<number, Map<Source, Waiting>>();
  private settledUntil: number | undefined;
  /** Seconds in which a process of the generator was held up, or had to catch up. */
  private readonly excused = new Set<number>();

  constructor(thresholds: readonly Threshold[], run: () => MeasuredRun) {
    this.judges = thresholds.map((threshold) => new WindowJudge(threshold));
    this.run = run;
  }

  get areWanted(): boolean {
    return this.judges.length > 0;
  }

  /** Seconds that are kept because more may come of them. */
  get waitingSeconds(): number {
    return this.waiting.size;
  }

  add(source: Source, seconds: readonly DeliverySecond[]): void {
    if (this.judges.length === 0) return;
    for (const { second, deliveries, latency } of seconds) {
      if (second < (this.settledUntil ?? Number.NEGATIVE_INFINITY)) continue;
      const bySource = this.waiting.get(second) ?? new Map<Source, Waiting>();
      this.waiting.set(second, bySource);
      const waiting = bySource.get(source) ?? { count: 0, latencies: [] };
      bySource.set(source, waiting);
      waiting.count += deliveries;
      waiting.latencies.push(latency);
    }
  }

  /** A process of the generator was held up for this time, and catches up in the second after it. */
  excuse(fromMicros: number, untilMicros: number): void {
    if (this.judges.length === 0) return;
    for (let second = Math.floor(fromMicros / 1e6); second <= Math.floor(untilMicros / 1e6) + 1; second++)
      this.excused.add(second);
  }

  /** Nothing more comes of the seconds before `endSecond`. */
  settle(endSecond: number): void {
    const run = this.run();
    if (!Number.isFinite(run.fromMicros) || this.judges.length === 0) {
      for (const second of this.waiting.keys()) if (second < endSecond) this.waiting.delete(second);
      return;
    }
    const first = this.settledUntil ?? Math.floor(run.fromMicros / 1e6);
    for (let second = first; second < endSecond; second++) this.settleSecond(second, run);
    for (const second of this.waiting.keys()) if (second < endSecond) this.waiting.delete(second);
    for (const second of this.excused) if (second < endSecond) this.excused.delete(second);
    this.settledUntil = Math.max(first, endSecond);
  }

  private settleSecond(second: number, run: MeasuredRun): void {
    const bySource = this.waiting.get(second) ?? new Map<Source, Waiting>();
    for (const judge of this.judges) {
      const { threshold } = judge;
      if (!isJudged(threshold, second, run)) continue;
      const chosen = [...bySource].filter(([source]) => isOf(threshold, source)).map(([, one]) => one);
      judge.add({
        second,
        count: chosen.reduce((sum, { count }) => sum + count, 0),
        latencies: chosen.flatMap(({ latencies }) => latencies),
        isExcused: this.excused.has(second),
      });
    }
    for (const judge of this.judges) if (isPhaseOver(judge.threshold, second, run)) judge.hasEnded = true;
  }

  outcomes(): ReadonlyMap<Threshold, WindowsOutcome> {
    return new Map(this.judges.map((judge) => [judge.threshold, judge.outcome()]));
  }

  /** A threshold that is broken whatever follows. */
  hopeless(): { readonly threshold: Threshold; readonly outcome: WindowsOutcome } | undefined {
    for (const judge of this.judges) {
      const outcome = judge.outcome();
      if (isOver(judge) && outcome.breached > 0) return { threshold: judge.threshold, outcome };
    }
    return undefined;
  }
}

function isOf({ metric, label }: Threshold, source: Source): boolean {
  if (metric === 'lateness') return source === 'sent';
  if (metric === 'published') return source === 'accepted';
  return source.startsWith('cohort ') && (label === undefined || source === `cohort ${label}`);
}

/** Rates need whole seconds of the measured time; a latency is of the measured time whenever it arrives. */
function isJudged({ metric, phase }: Threshold, second: number, run: MeasuredRun): boolean {
  const [fromMicros, untilMicros] = [second * 1e6, (second + 1) * 1e6];
  const isRate = metric === 'deliveries' || metric === 'published';
  if (isRate && (fromMicros < run.fromMicros || untilMicros > run.untilMicros)) return false;
  return phase === undefined || (phaseAt(run, fromMicros) === phase && phaseAt(run, untilMicros) === phase);
}

function phaseAt({ phases }: MeasuredRun, micros: number): Phase['name'] | undefined {
  return phases.findLast(({ fromMicros }) => fromMicros <= micros)?.name;
}

function isPhaseOver({ phase }: Threshold, second: number, { phases }: MeasuredRun): boolean {
  const index = phases.findIndex(({ name }) => name === phase);
  const next = index < 0 ? undefined : phases[index + 1];
  return next !== undefined && next.fromMicros <= second * 1e6;
}
