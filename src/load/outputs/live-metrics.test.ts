// The list of live metrics: named as Prometheus wants it, documented, and known to the dashboard.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildLiveView } from '../../testing/builders/live-view-builder.ts';
import type { ProgressView } from '../coordinator/run-options.ts';
import { unitOf } from './live-metric.ts';
import { LIVE_METRICS } from './live-metrics.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('the live metrics', () => {
  it.each(LIVE_METRICS)('$name is a name for its kind', ({ name, kind, help }) => {
    expect(name).toMatch(/^norn_[a-z_]+$/);
    expect(name.endsWith('_total')).toBe(kind === 'counter');
    expect(help).toMatch(/\.$/);
  });

  it('are each in the documentation, with what they say there', () => {
    const docs = read('docs/outputs.md');
    for (const { name, kind, help, labels } of LIVE_METRICS)
      expect(docs).toContain(`| \`${name}\` | ${kind} | ${labels.join(', ') || '-'} | ${help} |`);
  });

  it('have the unit of their name', () => {
    const units = LIVE_METRICS.map((metric) => [metric.name, unitOf(metric)]);
    expect(units).toContainEqual(['norn_latency_seconds', 's']);
    expect(units).toContainEqual(['norn_hub_cpu_seconds_total', 's']);
    expect(units).toContainEqual(['norn_hub_resident_memory_bytes', 'By']);
    expect(units).toContainEqual(['norn_deliveries_total', '']);
  });
});

describe('the metrics of agents', () => {
  const agent = { clients: 100, deliveries: 4_000, deliveriesPerSecond: 80, isLost: false };
  const times = { eventLoopDelayMicros: 1_500, clockErrorMicros: 120, lastBeatMillisAgo: 300 };
  const agents = ['a', 'b'].map((name) => ({ name, ...agent, ...times, isLost: name === 'b' }));
  const read = (seen: ProgressView) =>
    LIVE_METRICS.filter(({ name }) => name.includes('_agent_')).flatMap((metric) =>
      metric.kind === 'histogram'
        ? []
        : metric.read(seen).map(({ labels, value }) => [metric.name, labels.agent, value]),
    );

  it('are one of each for every agent, and none on one machine', () => {
    expect(read(buildLiveView(12_000))).toEqual([]);
    const values = read({ ...buildLiveView(12_000), agents });
    expect(values).toHaveLength(2 * 6);
    for (const one of [
      ['norn_agent_clients_open', 'a', 100],
      ['norn_agent_event_loop_delay_seconds', 'a', 0.0015],
      ['norn_agent_silence_seconds', 'b', 0.3],
      ['norn_agent_lost', 'b', 1],
    ])
      expect(values).toContainEqual(one);
  });
});

describe('the metrics of faults', () => {
  const view = buildLiveView(12_000);
  const read = (seen: ProgressView) =>
    LIVE_METRICS.filter(({ name }) => /fault|return|away/.test(name)).flatMap((metric) =>
      metric.kind === 'histogram' ? [] : metric.read(seen).map(({ value }) => [metric.name, value]),
    );

  it('have no value in a run without any', () => {
    expect(read(view)).toEqual([]);
  });

  it('count those that are on and have begun, clients that are away, and attempts to come back', () => {
    const inView = [true, false, true].map((isOn) => ({ kind: 'freeze', fault: 'freeze', isOn }) as const);
    const cohorts = view.cohorts.slice(0, 1).map((cohort) => ({ ...cohort, away: 12 }));
    const returns = { attempts: 34, failedAttempts: 5 };
    expect(read({ ...view, cohorts, returns, faults: { begun: 7, inView } })).toEqual([
      ['norn_clients_away', 12],
      ['norn_return_attempts_total', 34],
      ['norn_return_failures_total', 5],
      ['norn_faults_total', 7],
      ['norn_faults_active', 2],
    ]);
  });
});

describe('the Grafana dashboard', () => {
  const dashboard = JSON.parse(read('examples/grafana/norn-loadtest.json'));
  const targets: { expr: string; legendFormat: string }[] = dashboard.panels.flatMap(
    (panel: { targets: unknown }) => panel.targets,
  );
  // What Prometheus stores: a histogram is there as three.
  const series = new Map(
    LIVE_METRICS.flatMap(({ name, kind, labels }): [string, readonly string[]][] =>
      kind === 'histogram'
        ? [
            [`${name}_bucket`, [...labels, 'le']],
            [`${name}_sum`, labels],
            [`${name}_count`, labels],
          ]
        : [[name, labels]],
    ),
  );

  it.each(targets)('asks in $expr for series and labels that exist', ({ expr, legendFormat }) => {
    const names = expr.match(/norn_\w+/g) ?? [];
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect([...series.keys()]).toContain(name);
    const known = names.flatMap((name) => series.get(name) ?? []);
    const inBraces = [...expr.matchAll(/[{,]\s*(\w+)\s*=~?/g)].map(([, label]) => label);
    const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
    const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
    for (const label of [...inBraces, ...grouped, ...shown]) expect(known).toContain(label);
  });

  it('asks for counters and buckets as rates only', () => {
    for (const { expr } of targets)
      for (const [, before, name] of expr.matchAll(/(\w*\(?)(norn_\w+_(?:total|bucket))/g))
        if (name !== 'norn_evictions_total') expect([expr, before]).toEqual([expr, 'rate(']);
  });

  it('has panels that do not overlap, each with an id of its own', () => {
    const taken = new Set<string>();
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }: { id: number }) => id)).size).toBe(panels.length);
    for (const { gridPos, title } of panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x},${y}`), `${title} at ${x},${y}`).toBe(false);
          taken.add(`${x},${y}`);
        }
  });
});
