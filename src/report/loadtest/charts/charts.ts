// From results to charts: which there are, and how the lines of several runs share each of them. The first run is drawn
// in full lines, each other in a dash of its own.
import type { LoadtestResult } from '../../../load/result/result.ts';
import type { Chart, PageData, Series } from './chart.ts';
import { foldEvictionCounts, foldMarks } from './marks.ts';
import {
  clientLines,
  colorOf,
  cpuLines,
  type Line,
  latencyLines,
  memoryLines,
  type NamedRun,
  returnLines,
  throughputLines,
} from './run-lines.ts';
import { foldSpectrum } from './spectrum.ts';
import { alignSeries, type Keep } from './time-axis.ts';

interface TimeChart extends Pick<Chart, 'id' | 'title' | 'about' | 'unit' | 'isLog'> {
  readonly keep: Keep;
  readonly lines: (result: LoadtestResult, isAlone: boolean) => readonly Line[];
}

const TIME_CHARTS: readonly TimeChart[] = [
  {
    id: 'latency',
    title: 'Latency over time',
    about: 'The 99th percentile of each second, by cohort; where there is one run, the median too, dashed.',
    unit: 'micros',
    isLog: true,
    keep: 'highest',
    lines: latencyLines,
  },
  {
    id: 'throughput',
    title: 'Throughput over time',
    about: 'Deliveries that reached clients in each second, and events the hub accepted.',
    unit: 'perSecond',
    isLog: true,
    keep: 'last',
    lines: throughputLines,
  },
  {
    id: 'clients',
    title: 'Clients by state',
    about:
      'How many clients were connected, evicted by the hub, away for a while, gone of their own will, at an agent that is lost, or still connecting.',
    unit: 'count',
    isLog: false,
    keep: 'last',
    lines: clientLines,
  },
  {
    id: 'returns',
    title: 'Attempts to connect again',
    about:
      'Clients that come back after a fault: their connection attempts in each second, and those that failed.',
    unit: 'perSecond',
    isLog: false,
    keep: 'highest',
    lines: returnLines,
  },
  {
    id: 'hub-cpu',
    title: 'CPU of the hub',
    about: 'Share of one core that the process of the hub used.',
    unit: 'percent',
    isLog: false,
    keep: 'highest',
    lines: cpuLines,
  },
  {
    id: 'hub-memory',
    title: 'Memory of the hub',
    about: 'Resident memory of the process of the hub.',
    unit: 'bytes',
    isLog: false,
    keep: 'highest',
    lines: memoryLines,
  },
];

export function foldPageData(runs: readonly NamedRun[]): PageData {
  const charts = [spectrumChart(runs), ...TIME_CHARTS.map((chart) => timeChart(runs, chart))];
  return {
    charts: charts.filter(({ series }) => series.some(({ values }) => values.some((one) => one !== null))),
    marks: runs.flatMap(foldMarks),
    evictions: foldEvictionCounts(runs),
  };
}

function timeChart(runs: readonly NamedRun[], { keep, lines, ...facts }: TimeChart): Chart {
  const all = runs.flatMap(({ name, result }, run) =>
    lines(result, runs.length === 1).map((line) => ({ ...line, name, run })),
  );
  const { x, series } = alignSeries(all, keep);
  return {
    ...facts,
    kind: 'time',
    x,
    series: all.map(
      ({ name, run, key, part, color, isSecond }, at): Series => ({
        key,
        part: [name, part].filter((word) => word !== '').join(' '),
        color,
        dash: isSecond ? 1 : run,
        values: series[at] ?? [],
      }),
    ),
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
      'From the moment an event was due to its arrival: the share of deliveries that were at least as fast. A line ends where the run has too few deliveries for higher percentiles.',
    kind: 'spectrum',
    unit: 'micros',
    isLog: true,
    x: drawn[0]?.spectrum.nines ?? [],
    series: drawn.map(
      ({ name, run, at, cohort, spectrum }): Series => ({
        key: cohort.name,
        part: name,
        color: colorOf(at),
        dash: run,
        values: spectrum.micros,
      }),
    ),
  };
}
