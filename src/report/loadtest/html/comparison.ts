// Several runs side by side: verdicts and the numbers that matter, each with its change against the first run.
import type { FaultResult } from '../../../load/result/faults/fault-result.ts';
import type { LoadtestResult } from '../../../load/result/result.ts';
import { renderDurationMillis, renderMicros } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';
import { renderBytes } from '../../../units/size.ts';
import { type Html, html } from '../../format/html.ts';
import { renderTable } from '../../page/sections.ts';
import { urlWords } from '../../target-words.ts';
import type { NamedRun } from '../charts/run-lines.ts';
import { VERDICT_CLASS, VERDICT_WORDS } from '../facts.ts';

interface Metric {
  readonly name: string;
  readonly read: (result: LoadtestResult) => number | null;
  readonly write: (value: number) => string;
}

export function renderComparison(runs: readonly NamedRun[]): Html {
  const rows = metricsOf(runs).map(({ name, read, write }) => {
    const values = runs.map(({ result }) => read(result));
    return [name, ...values.map((value, at) => cellOf(value, at === 0 ? null : (values[0] ?? null), write))];
  });
  return html`<ul class="findings">${runs.map(renderRun)}</ul>
${renderTable('Numbers of the runs', { head: ['', ...runs.map(({ name }) => name)], rows })}
<p class="quiet">Changes are against the first run, which the charts draw in solid lines. Two runs alone show a difference, not its cause.</p>`;
}

function renderRun({ name, result }: NamedRun): Html {
  const { verdict, partial, target, startedAt, seed, kit, command } = result;
  return html`<li><strong>${name}</strong> <b class="${VERDICT_CLASS[verdict]}">${VERDICT_WORDS[verdict]}</b>${partial && ' [partial]'}: ${urlWords(target)}, ${startedAt}, seed ${seed}, ${kit.name} ${kit.version}${command !== undefined && html`<pre>${command}</pre>`}</li>`;
}

function cellOf(value: number | null, base: number | null, write: (value: number) => string): string {
  if (value === null) return '-';
  if (base === null || base === 0 || value === base) return write(value);
  const change = ((value - base) / base) * 100;
  return `${write(value)} (${change > 0 ? '+' : ''}${change.toFixed(Math.abs(change) < 10 ? 1 : 0)} %)`;
}

function metricsOf(runs: readonly NamedRun[]): Metric[] {
  const names = [...new Set(runs.flatMap(({ result }) => result.cohorts.map(({ name }) => name)))];
  const count = (name: string, read: Metric['read']): Metric => ({ name, read, write: renderCount });
  const seconds = (name: string, read: Metric['read']): Metric => ({
    name,
    read,
    write: (value) => `${value.toFixed(1)} s`,
  });
  return [
    ...names.flatMap(latencyMetrics),
    count('deliveries/s', ({ throughput }) => throughput.deliveriesPerSecond),
    count('lost', ({ ledger }) => ledger.lost),
    count('evicted', ({ cohorts }) => cohorts.reduce((sum, { evicted }) => sum + evicted, 0)),
    ...faultMetrics(runs),
    { name: 'isolation', read: ({ isolation }) => isolation.ratio, write: (ratio) => `${ratio.toFixed(2)}x` },
    { name: 'hub memory', read: ({ hub }) => hub?.rssBytes ?? null, write: renderBytes },
    seconds('hub CPU', ({ hub }) => hub?.cpuSeconds ?? null),
    seconds('generator CPU', ({ generator }) => generator.cpuSeconds),
  ];
}

/** Of the worst fault of each run; nothing where no run has any. */
function faultMetrics(runs: readonly NamedRun[]): Metric[] {
  if (runs.every(({ result }) => result.faults === undefined)) return [];
  const worst =
    (read: (fault: FaultResult) => number | null | undefined): Metric['read'] =>
    ({ faults = [] }) => {
      const values = faults.flatMap((fault) => read(fault) ?? []);
      return values.length === 0 ? null : Math.max(...values);
    };
  return [
    {
      name: 'first event after a fault p99',
      read: worst(({ firstEventMillis }) => firstEventMillis?.p99),
      write: renderDurationMillis,
    },
    { name: 'missed at most', read: worst(({ missed }) => missed.max), write: renderCount },
    {
      name: 'most attempts in 1 s',
      read: worst(({ attempts }) => attempts.peakPerSecond),
      write: renderCount,
    },
    {
      name: 'did not come back',
      read: worst(({ dropped, returned }) => dropped - returned),
      write: renderCount,
    },
  ];
}

function latencyMetrics(name: string): Metric[] {
  return (['p50', 'p99', 'p999', 'max'] as const).map((key) => ({
    name: `${name} ${key === 'p999' ? 'p99.9' : key}`,
    read: ({ cohorts }) => {
      const summary = cohorts.find((cohort) => cohort.name === name)?.latencyMicros;
      return summary === undefined || summary.count === 0 ? null : summary[key];
    },
    write: renderMicros,
  }));
}
