// The lines of one run over time: what the series of loadtest.json hold for each chart.
import type { LoadtestResult } from '../../../load/result/result.ts';
import type { RunSample } from '../../../load/result/timeline.ts';
import type { Points } from './time-axis.ts';

/** A run and what a page of several runs calls it. */
export interface NamedRun {
  /** Empty when there is one run only. */
  readonly name: string;
  readonly result: LoadtestResult;
}

export interface Line extends Points {
  readonly key: string;
  /** Tells lines of one key apart. */
  readonly part: string;
  readonly color: number;
  /** The lesser of two lines of one color, such as the median beside the p99. */
  readonly isSecond?: boolean;
}

/** As many as the page has, see style.ts. */
const COLORS = 8;

export const colorOf = (index: number) => index % COLORS;

export function latencyLines({ cohorts, timeline }: LoadtestResult, isAlone: boolean): Line[] {
  const hasCohorts = timeline.some((second) => second.cohorts !== undefined);
  if (!hasCohorts) return percentileLines('all', 0, timeline, isAlone);
  return cohorts.flatMap(({ name }, at) => {
    const mine = timeline.flatMap(({ second, deliveries, cohorts: rows = [] }) =>
      deliveries === 0
        ? [{ ...NOTHING, second }]
        : rows.filter((row) => row.name === name).map((row) => ({ ...row, second })),
    );
    return percentileLines(name, colorOf(at), mine, isAlone);
  });
}

/** A second with attempts to connect, in which nothing arrived, has no latency. */
const NOTHING = { deliveries: 0, p50Micros: 0, p99Micros: 0 };

interface SecondOfLatency {
  readonly second: number;
  readonly deliveries: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
}

function percentileLines(
  key: string,
  color: number,
  rows: readonly SecondOfLatency[],
  isAlone: boolean,
): Line[] {
  const read = (percentile: 'p50Micros' | 'p99Micros') => (row: SecondOfLatency) =>
    row.deliveries === 0 ? null : row[percentile];
  const p99 = lineOf({ key, part: isAlone ? 'p99' : '', color }, rows, read('p99Micros'));
  if (!isAlone) return [p99];
  return [p99, lineOf({ key, part: 'p50', color, isSecond: true }, rows, read('p50Micros'))];
}

export function throughputLines({ timeline, samples = [] }: LoadtestResult): Line[] {
  const published = pairsOf(samples).map(({ before, sample, seconds }) => ({
    second: secondOf(sample),
    rate: (sample.publishedEvents - before.publishedEvents) / seconds,
  }));
  return [
    lineOf(
      { key: 'deliveries', part: '', color: 0 },
      timeline,
      ({ deliveries, seconds = 1 }) => deliveries / seconds,
    ),
    ...(published.length > 0
      ? [lineOf({ key: 'published', part: '', color: 1 }, published, ({ rate }) => rate)]
      : []),
  ];
}

const STATES = [
  ['connected', 2, ({ open }) => open],
  ['evicted', 3, ({ evicted }) => evicted],
  ['left', 4, ({ left }) => left],
  ['away', 6, ({ away = 0 }) => away],
  ['unaccounted', 7, ({ unaccounted = 0 }) => unaccounted],
  [
    'failed or connecting',
    5,
    ({ attempted, open, evicted, left, away = 0, unaccounted = 0 }) =>
      attempted - open - evicted - left - away - unaccounted,
  ],
] as const satisfies readonly [string, number, (row: RunSample['clients'][number]) => number][];

export function clientLines({ samples = [] }: LoadtestResult): Line[] {
  return STATES.map(([key, color, read]): Line => {
    const rows = samples.map((sample) => ({
      second: secondOf(sample),
      clients: Math.max(
        0,
        sample.clients.reduce((sum, row) => sum + read(row), 0),
      ),
    }));
    return lineOf({ key, part: '', color }, rows, ({ clients }) => clients);
  }).filter(({ key, values }) => key === 'connected' || values.some((value) => value !== null && value > 0));
}

/** Nothing where nobody comes back. */
export function returnLines({ timeline }: LoadtestResult): Line[] {
  if (timeline.every(({ attempts }) => attempts === undefined)) return [];
  return [
    lineOf(
      { key: 'attempts', part: '', color: 0 },
      timeline,
      ({ attempts = 0, seconds = 1 }) => attempts / seconds,
    ),
    lineOf(
      { key: 'failed', part: '', color: 3 },
      timeline,
      ({ failedAttempts = 0, seconds = 1 }) => failedAttempts / seconds,
    ),
  ];
}

export function cpuLines({ samples = [] }: LoadtestResult): Line[] {
  const rows = pairsOf(samples).flatMap(({ before, sample, seconds }) =>
    before.hub && sample.hub && sample.hub.cpuSeconds >= before.hub.cpuSeconds
      ? [
          {
            second: secondOf(sample),
            percent: ((sample.hub.cpuSeconds - before.hub.cpuSeconds) / seconds) * 100,
          },
        ]
      : [],
  );
  return rows.length === 0
    ? []
    : [lineOf({ key: 'hub CPU', part: '', color: 1 }, rows, ({ percent }) => percent)];
}

export function memoryLines({ samples = [] }: LoadtestResult): Line[] {
  const rows = samples.flatMap((sample) =>
    sample.hub ? [{ second: secondOf(sample), bytes: sample.hub.rssBytes }] : [],
  );
  return rows.length === 0
    ? []
    : [lineOf({ key: 'hub memory', part: '', color: 0 }, rows, ({ bytes }) => bytes)];
}

function lineOf<T extends { readonly second: number }>(
  facts: Omit<Line, keyof Points>,
  rows: readonly T[],
  read: (row: T) => number | null,
): Line {
  return { ...facts, seconds: rows.map(({ second }) => second), values: rows.map(read) };
}

function secondOf({ atMillis }: RunSample): number {
  return Math.round(atMillis / 1e3);
}

function pairsOf(samples: readonly RunSample[]) {
  return samples.slice(1).flatMap((sample, at) => {
    const before = samples[at] as RunSample;
    const seconds = (sample.atMillis - before.atMillis) / 1e3;
    return seconds > 0 ? [{ before, sample, seconds }] : [];
  });
}
