// From results to charts: which series there are, in which colour, on which axis. Several results share each chart; the
// first is drawn in full lines, the others dashed.
import type { LoadtestResult, RunSample } from '../../load/result.ts';
import type { Chart, PageData, Series, Unit } from './chart.ts';
import { foldEvictionCounts, foldMarks } from './marks.ts';
import { foldSpectrum } from './spectrum.ts';
import { alignSeries, type Keep, type Points } from './time-axis.ts';

/** As many as the page has, see style.ts. */
const COLOURS = 8;

export interface NamedRun {
  /** Empty when there is one run only. */
  readonly name: string;
  readonly result: LoadtestResult;
}

export function foldPageData(runs: readonly NamedRun[]): PageData {
  const charts = [
    spectrumChart(runs),
    timeChart(runs, {
      id: 'latency',
      title: 'Latency over time',
      about:
        'The 99th percentile (and, dashed where there is one run, the median) of each second, by cohort.',
      unit: 'micros',
      isLog: true,
      keep: 'highest',
      lines: latencyLines,
    }),
    timeChart(runs, {
      id: 'throughput',
      title: 'Throughput over time',
      about: 'Deliveries that reached clients in each second, and events the hub accepted.',
      unit: 'perSecond',
      isLog: true,
      keep: 'last',
      lines: throughputLines,
    }),
    timeChart(runs, {
      id: 'clients',
      title: 'Clients by state',
      about:
        'How many clients were connected, evicted by the hub, gone of their own will, or still connecting.',
      unit: 'count',
      isLog: false,
      keep: 'last',
      lines: clientLines,
    }),
    timeChart(runs, {
      id: 'hub-cpu',
      title: 'CPU of the hub',
      about: 'Share of one core that the process of the hub used.',
      unit: 'percent',
      isLog: false,
      keep: 'highest',
      lines: cpuLines,
    }),
    timeChart(runs, {
      id: 'hub-memory',
      title: 'Memory of the hub',
      about: 'Resident memory of the process of the hub.',
      unit: 'bytes',
      isLog: false,
      keep: 'highest',
      lines: memoryLines,
    }),
  ].filter((chart) => chart.series.some(({ values }) => values.some((value) => value !== null)));
  return { charts, marks: runs.flatMap(foldMarks), evictions: foldEvictionCounts(runs) };
}

interface Line extends Points {
  readonly label: string;
  readonly key: string;
  readonly colour: number;
  readonly isDashed?: boolean;
}

interface TimeChart extends Pick<Chart, 'id' | 'title' | 'about' | 'isLog'> {
  readonly unit: Unit;
  readonly keep: Keep;
  readonly lines: (result: LoadtestResult, isAlone: boolean) => readonly Line[];
}

function timeChart(runs: readonly NamedRun[], { keep, lines, ...facts }: TimeChart): Chart {
  const all = runs.flatMap(({ name, result }, run) =>
    lines(result, runs.length === 1).map((line) => ({ ...line, name, run })),
  );
  const aligned = alignSeries(all, keep);
  return {
    ...facts,
    kind: 'time',
    x: aligned.x,
    series: all.map((line, at) => ({
      label: labelOf(line.name, line.label),
      key: line.key,
      colour: line.colour,
      ...(line.isDashed || line.run > 0 ? { isDashed: true } : {}),
      values: aligned.series[at] ?? [],
    })),
  };
}

function spectrumChart(runs: readonly NamedRun[]): Chart {
  const drawn = runs.flatMap(({ name, result }, run) =>
    result.cohorts.map((cohort, at) => ({ name, run, at, cohort, spectrum: foldSpectrum(cohort.histogram) })),
  );
  return {
    id: 'spectrum',
    title: 'Latency by percentile',
    about:
      'From the moment an event was due to its arrival: the share of deliveries that were at least as fast. A line ends where the run has too few deliveries to tell more.',
    kind: 'spectrum',
    unit: 'micros',
    isLog: true,
    x: drawn[0]?.spectrum.nines ?? [],
    series: drawn.map(
      ({ name, run, at, cohort, spectrum }): Series => ({
        label: labelOf(name, cohort.name),
        key: cohort.name,
        colour: at % COLOURS,
        ...(run > 0 ? { isDashed: true } : {}),
        values: spectrum.micros,
      }),
    ),
  };
}

function labelOf(run: string, label: string): string {
  return run === '' ? label : `${run}: ${label}`;
}

function latencyLines({ cohorts, timeline }: LoadtestResult, isAlone: boolean): Line[] {
  const hasCohorts = timeline.some((second) => second.cohorts !== undefined);
  if (!hasCohorts)
    return [
      linesOf('all p99', 'all', 0, timeline, (second) => second.p99Micros),
      { ...linesOf('all p50', 'all', 0, timeline, (second) => second.p50Micros), isDashed: true },
    ];
  return cohorts.flatMap(({ name }, at) => {
    const mine = timeline.flatMap(({ second, cohorts: rows = [] }) =>
      rows.filter((row) => row.name === name).map((row) => ({ ...row, second })),
    );
    const p99 = linesOf(`${name} p99`, name, at % COLOURS, mine, (row) => row.p99Micros);
    const p50 = linesOf(`${name} p50`, name, at % COLOURS, mine, (row) => row.p50Micros);
    return isAlone ? [p99, { ...p50, isDashed: true }] : [p99];
  });
}

function linesOf<T extends { readonly second: number }>(
  label: string,
  key: string,
  colour: number,
  rows: readonly T[],
  read: (row: T) => number,
): Line {
  return { label, key, colour, seconds: rows.map(({ second }) => second), values: rows.map(read) };
}

function throughputLines({ timeline, samples = [] }: LoadtestResult): Line[] {
  const published = pairsOf(samples).map(({ before, sample, seconds }) => ({
    second: secondOf(sample),
    rate: (sample.publishedEvents - before.publishedEvents) / seconds,
  }));
  return [
    linesOf('deliveries', 'deliveries', 0, timeline, ({ deliveries }) => deliveries),
    ...(published.length > 0 ? [linesOf('published', 'published', 1, published, ({ rate }) => rate)] : []),
  ];
}

const STATES = [
  ['connected', 2, ({ open }) => open],
  ['evicted', 3, ({ evicted }) => evicted],
  ['left', 4, ({ left }) => left],
  ['failed or connecting', 5, ({ attempted, open, evicted, left }) => attempted - open - evicted - left],
] as const satisfies readonly [string, number, (row: RunSample['clients'][number]) => number][];

function clientLines({ samples = [] }: LoadtestResult): Line[] {
  return STATES.map(([label, colour, read]): Line => {
    const rows = samples.map((sample) => ({
      second: secondOf(sample),
      clients: Math.max(
        0,
        sample.clients.reduce((sum, row) => sum + read(row), 0),
      ),
    }));
    return linesOf(label, label, colour, rows, ({ clients }) => clients);
  }).filter(({ label, values }) => label === 'connected' || values.some((value) => value > 0));
}

function cpuLines({ samples = [] }: LoadtestResult): Line[] {
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
  return rows.length === 0 ? [] : [linesOf('hub CPU', 'hub CPU', 1, rows, ({ percent }) => percent)];
}

function memoryLines({ samples = [] }: LoadtestResult): Line[] {
  const rows = samples.flatMap((sample) =>
    sample.hub ? [{ second: secondOf(sample), bytes: sample.hub.rssBytes }] : [],
  );
  return rows.length === 0 ? [] : [linesOf('hub memory', 'hub memory', 0, rows, ({ bytes }) => bytes)];
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
