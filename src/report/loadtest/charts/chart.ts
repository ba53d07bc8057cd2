// What the page's script draws: plain data, so that what a chart shows can be tested without a browser.

/** What numbers on an axis are: the script writes them accordingly. */
type Unit = 'micros' | 'count' | 'perSecond' | 'bytes' | 'percent';

export interface Series {
  /** Series of one key are shown and hidden together, in all charts: a cohort, say. */
  readonly key: string;
  /** Tells series of one key apart, such as `p99` or the name of a run; empty for the only one. */
  readonly part: string;
  /** Index into the colors of the page. */
  readonly color: number;
  /** 0 is a full line; each other number a pattern of its own. */
  readonly dash: number;
  readonly values: readonly (number | null)[];
}

/** Something that happened at a moment, drawn across every chart over time. */
export interface Mark {
  readonly atSeconds: number;
  readonly label: string;
  readonly kind: 'phase' | 'event' | 'restart' | 'fault' | 'breach';
  /** Of what lasts: until then. */
  readonly untilSeconds?: number;
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  /** What there is to see, one or two sentences: also what a screen reader says. */
  readonly about: string;
  readonly kind: 'time' | 'spectrum';
  readonly unit: Unit;
  readonly isLog: boolean;
  /** Seconds from the start of the run, or nines. */
  readonly x: readonly number[];
  readonly series: readonly Series[];
}

/** All that the script gets. */
export interface PageData {
  readonly charts: readonly Chart[];
  readonly marks: readonly Mark[];
  /** Evictions in each second, for the marks on the same axis. */
  readonly evictions: { readonly seconds: readonly number[]; readonly counts: readonly number[] };
}
