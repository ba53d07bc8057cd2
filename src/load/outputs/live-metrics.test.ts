// The list of live metrics: named as Prometheus wants it, documented, and known to the dashboard.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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

  it('are all that the dashboard asks for', () => {
    const names = new Set(LIVE_METRICS.map(({ name }) => name));
    const asked = read('examples/grafana/norn-loadtest.json').match(/norn_[a-z_]+/g) ?? [];
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((name) => !names.has(name))).toEqual([]);
  });
});
