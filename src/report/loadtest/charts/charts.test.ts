// What charts show, without a browser.
import { describe, expect, it } from 'vitest';
import { createLatencyHistogram } from '../../../ledger/latency/latency-histogram.ts';
import { buildShownResult } from '../../../testing/builders/shown-result-builder.ts';
import { renderLoadtestHtml } from '../html/page.ts';
import { renderLoadtestMarkdown, renderLoadtestTerminal } from '../summary.ts';
import { foldPageData } from './charts.ts';
import { foldSpectrum, percentileMicros } from './spectrum.ts';
import { alignSeries } from './time-axis.ts';

describe('the spectrum', () => {
  it('reads percentiles from the encoded histogram as the ledger does', () => {
    const histogram = createLatencyHistogram();
    for (let at = 1; at <= 3_000; at++) histogram.record((at * 7_919) % 1_000_003);
    for (const fraction of [0, 0.5, 0.9, 0.99, 0.999, 1])
      expect(percentileMicros(histogram.encode(), fraction)).toBe(histogram.percentile(fraction));
  });

  it('ends where there are too few values to tell', () => {
    const histogram = createLatencyHistogram();
    for (let at = 0; at < 100; at++) histogram.record(at);
    const { nines, micros } = foldSpectrum(histogram.encode());
    expect(nines.filter((_, at) => micros[at] !== null).at(-1)).toBe(2);
  });
});

describe('the axis over time', () => {
  it('thins long runs and keeps the highest value of what falls together', () => {
    const seconds = Array.from({ length: 3_600 }, (_, second) => second);
    const values = seconds.map((second) => (second === 1_801 ? 99 : 1));
    const { x, series } = alignSeries([{ seconds, values }], 'highest');
    expect(x.length).toBeLessThanOrEqual(900);
    expect(Math.max(...(series[0] ?? []).map((value) => value ?? 0))).toBe(99);
  });

  it('has fewer points where many series share it', () => {
    const seconds = Array.from({ length: 600 }, (_, second) => second);
    const all = Array.from({ length: 80 }, () => ({ seconds, values: seconds }));
    const { x, series } = alignSeries(all, 'highest');
    expect(x.length * series.length).toBeLessThanOrEqual(24_000);
    expect(series.every((values) => Math.max(...values.map((value) => value ?? 0)) === 599)).toBe(true);
  });
});

describe('the page data', () => {
  it('tells lines of a cohort apart: p99 and p50 of one run, and runs by name', () => {
    const result = buildShownResult({ seconds: 30, evictions: 20, stalledCohorts: 2 });
    const partsOf = (runs: readonly string[]) => {
      const { charts } = foldPageData(runs.map((name) => ({ name, result })));
      const latency = charts.find(({ id }) => id === 'latency');
      return latency?.series
        .filter(({ key }) => key === 'stalled2')
        .map(({ part, dash }) => `${part} ${dash}`);
    };
    expect(partsOf([''])).toEqual(['p99 0', 'p50 1']);
    expect(partsOf(['A', 'B', 'C'])).toEqual(['A 0', 'B 1', 'C 2']);
  });

  it('marks phases, rare events, evictions, and a hub whose CPU time starts again', () => {
    const result = buildShownResult();
    const samples = (result.samples ?? []).map((sample, at) =>
      at > 20 && sample.hub ? { ...sample, hub: { ...sample.hub, cpuSeconds: 0.1 * (at - 20) } } : sample,
    );
    const { marks, evictions } = foldPageData([{ name: '', result: { ...result, samples } }]);
    expect(marks.filter(({ kind }) => kind === 'phase').map(({ label }) => label)).toEqual([
      'baseline',
      'slow clients',
    ]);
    expect(marks.filter(({ kind }) => kind === 'restart').map(({ atSeconds }) => atSeconds)).toEqual([21]);
    expect(marks.filter(({ label }) => label === 'app.restarted')).toHaveLength(3);
    expect(evictions.counts.reduce((sum, count) => sum + count, 0)).toBe(20);
  });

  it('marks the worst window of a threshold in time that does not hold', () => {
    const expr = 'latency{cohort=fast}[10s].p99<50ms';
    const windows = { judged: 20, breached: 2, worst: { fromMillis: 12_000, untilMillis: 22_000 } };
    const outcome = { expr, observed: 61_000, rendered: '61 ms', isDecided: true, windows };
    const marksOf = (ok: boolean) =>
      foldPageData([
        { name: '', result: { ...buildShownResult(), thresholds: [{ ...outcome, ok }] } },
      ]).marks.filter(({ kind }) => kind === 'breach');
    expect(marksOf(false)).toEqual([{ kind: 'breach', label: expr, atSeconds: 12, untilSeconds: 22 }]);
    expect(marksOf(true)).toEqual([]);
  });

  it('draws what an older file has, without series of seconds', () => {
    const { samples, phases, measuredFromMillis, ...older } = buildShownResult();
    expect([samples, phases, measuredFromMillis]).not.toContain(undefined);
    expect(foldPageData([{ name: '', result: older }]).charts.map(({ id }) => id)).toEqual([
      'spectrum',
      'latency',
      'throughput',
    ]);
  });
});

describe('every report on a load test', () => {
  const result = buildShownResult();
  const html = renderLoadtestHtml([result]);
  const reports = {
    html,
    markdown: renderLoadtestMarkdown(result),
    terminal: renderLoadtestTerminal(result),
  };

  it.each(Object.keys(reports) as (keyof typeof reports)[])('has the numbers of the JSON: %s', (name) => {
    const cells = (text: string) =>
      text
        .replaceAll(/<[^>]+>|[|│]/g, ' ')
        .split(/\s{1,}/)
        .join(' ');
    const text = cells(reports[name]);
    const [fast] = result.cohorts;
    const p99 = `${Math.round((fast?.latencyMicros.p99 ?? 0) / 1e3)} ms`;
    const max = `${Math.round((fast?.latencyMicros.max ?? 0) / 1e3)} ms`;
    for (const value of [p99, max, '200,000', '5,432', '1.22x', '88 MB', '3.2', '222', '2', '40 ms', '3 s'])
      expect(text).toContain(value);
  });

  it('gives the rows of cohorts alike in HTML and Markdown', () => {
    const rowsOfHtml = [...html.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = '']) =>
      [...row.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) => cell).join(' | '),
    );
    const rowsOfMarkdown = reports.markdown
      .split('\n')
      .filter((line) => /^\| (fast|stalled)/.test(line))
      .map((line) => line.slice(2, -2));
    expect(rowsOfMarkdown.length).toBeGreaterThan(2);
    for (const row of rowsOfMarkdown) expect(rowsOfHtml).toContain(row);
  });

  it('escapes what came from a run', () => {
    expect(html).not.toContain('<processor>');
    expect(html).toContain('&lt;processor&gt; &amp; more');
  });
});
