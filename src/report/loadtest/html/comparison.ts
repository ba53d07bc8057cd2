// Several runs side by side: verdicts and the numbers that matter, each with its change against the first run.
import type { LoadtestResult } from '../../../load/result/result.ts';
import { renderMicros } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';
import { renderBytes } from '../../../units/size.ts';
import { escapeXml } from '../../format/xml-text.ts';
import { VERDICT_SENTENCES } from '../facts.ts';
import type { NamedRun } from './named-run.ts';
import { section, table } from './parts.ts';

interface Metric {
  readonly name: string;
  readonly read: (result: LoadtestResult) => number | null;
  readonly write: (value: number) => string;
}

export function renderComparison(runs: readonly NamedRun[]): string {
  const list = runs.map(
    ({ name, result }) =>
      `<li><strong>${name}</strong> ${escapeXml(VERDICT_SENTENCES[result.verdict])}${result.partial ? ' [partial]' : ''}: ${escapeXml(`${result.target.url}, ${result.startedAt}, seed ${result.seed}, ${result.kit.name} ${result.kit.version}`)}${result.command === undefined ? '' : `<pre>${escapeXml(result.command)}</pre>`}</li>`,
  );
  const rows = metricsOf(runs).map(({ name, read, write }) => {
    const values = runs.map(({ result }) => read(result));
    return [name, ...values.map((value, at) => cellOf(value, at === 0 ? null : (values[0] ?? null), write))];
  });
  return section(
    'comparison',
    'Runs',
    `<ul class="findings">${list.join('')}</ul>`,
    table('Numbers of the runs', { head: ['', ...runs.map(({ name }) => name)], rows }),
    '<p class="quiet">Changes are against the first run, which the charts draw in full lines. Two runs alone show a difference, not its cause.</p>',
  );
}

function cellOf(value: number | null, base: number | null, write: (value: number) => string): string {
  if (value === null) return '-';
  if (base === null || base === 0 || value === base) return write(value);
  const change = ((value - base) / base) * 100;
  return `${write(value)} (${change > 0 ? '+' : ''}${change.toFixed(Math.abs(change) < 10 ? 1 : 0)} %)`;
}

function metricsOf(runs: readonly NamedRun[]): Metric[] {
  const names = [...new Set(runs.flatMap(({ result }) => result.cohorts.map(({ name }) => name)))];
  const latency = names.flatMap((name) =>
    (['p50', 'p99', 'p999', 'max'] as const).map(
      (key): Metric => ({
        name: `${name} ${key === 'p999' ? 'p99.9' : key}`,
        read: (result) => {
          const summary = result.cohorts.find((cohort) => cohort.name === name)?.latencyMicros;
          return summary === undefined || summary.count === 0 ? null : summary[key];
        },
        write: renderMicros,
      }),
    ),
  );
  const count = (name: string, read: Metric['read']): Metric => ({ name, read, write: renderCount });
  return [
    ...latency,
    count('deliveries/s', ({ throughput }) => throughput.deliveriesPerSecond),
    count('lost', ({ ledger }) => ledger.lost),
    count('evicted', ({ cohorts }) => cohorts.reduce((sum, { evicted }) => sum + evicted, 0)),
    { name: 'isolation', read: ({ isolation }) => isolation.ratio, write: (ratio) => `${ratio.toFixed(2)}x` },
    { name: 'hub memory', read: ({ hub }) => hub?.rssBytes ?? null, write: renderBytes },
    {
      name: 'hub CPU',
      read: ({ hub }) => hub?.cpuSeconds ?? null,
      write: (seconds) => `${seconds.toFixed(1)} s`,
    },
    {
      name: 'generator CPU',
      read: ({ generator }) => generator.cpuSeconds,
      write: (seconds) => `${seconds.toFixed(1)} s`,
    },
  ];
}
