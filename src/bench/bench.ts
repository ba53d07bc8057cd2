// What a bench is: contenders that take turns in one run, and rows that compare them. Apart so that each bench says only
// what it measures, and the program only how benches are run and shown.

export interface BenchContext {
  /** Turns that count; one more goes before them, in which everything is compiled and warm. */
  readonly rounds: number;
  /** The form for CI: smaller, and good for nothing but finding what is far off. */
  readonly isShort: boolean;
}

export interface Bench {
  readonly name: string;
  /** One sentence: what is measured, against what. */
  readonly title: string;
  run(context: BenchContext): Promise<BenchResult>;
}

export interface BenchResult {
  readonly rows: readonly BenchRow[];
  /** What was left out and why, and what else was seen. */
  readonly notes: readonly string[];
}

export interface Bar {
  readonly sense: 'at-least' | 'at-most';
  readonly ratio: number;
  /** Beyond this the bench fails: far enough from the bar that no noisy machine gets there. */
  readonly failsAt: number;
}

/** One comparison. `ratio` is the median of the ratios of turns, not the ratio of the medians. */
export interface BenchRow {
  readonly subject: string;
  readonly baseline: string;
  /** What `ours` and `theirs` count, with its unit. */
  readonly unit: string;
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
  /** Quartiles of the ratios. */
  readonly lowRatio: number;
  readonly highRatio: number;
  readonly ratios: readonly number[];
  /** Undefined for a row that only informs. */
  readonly bar?: Bar;
  /** What somebody else reaches: in the table of the documentation although it has no bar. */
  readonly isFloor?: true;
}

/** What a bench writes, with where it ran. */
export interface BenchReport extends BenchResult {
  readonly bench: string;
  readonly startedAt: string;
  readonly rounds: number;
  readonly isShort: boolean;
  readonly environment: {
    readonly node: string;
    readonly cpus: number;
    readonly cpuModel: string;
    readonly loadBefore: number;
    readonly loadAfter: number;
  };
}

export function isHeld(ratio: number, bar: Bar): boolean {
  return bar.sense === 'at-least' ? ratio >= bar.ratio : ratio <= bar.ratio;
}

export function describeBar({ sense, ratio }: Bar): string {
  return `${sense === 'at-least' ? '>=' : '<='} ${ratio} x`;
}

export function describeNumber(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return value >= 1_000 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
}

/** Far off its bar: what makes a bench fail. A ratio that is no number is. */
export function isFarOff({ ratio, bar }: Pick<BenchRow, 'ratio' | 'bar'>): boolean {
  if (bar === undefined) return false;
  return bar.sense === 'at-least' ? !(ratio >= bar.failsAt) : !(ratio <= bar.failsAt);
}
