// Live outputs as others see them: a scrape, a collector, a file; and that what becomes of them is the run's no more than
// a sentence.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { programFile } from '../../target/spawn/program-file.ts';
import { parseMetricsText, sampleValue } from '../../testing/peers/metrics-text.ts';
import { findMetric, receiveOtlp } from '../../testing/peers/otlp-receiver.ts';
import { systemClock } from '../../time/clock.ts';
import type { ProgressView } from '../coordinator/run-options.ts';
import { LIVE_METRICS } from './live-metrics.ts';
import { openOutputs } from './open-outputs.ts';
import type { OutputSpec } from './output.ts';

const view = (elapsedMillis: number): ProgressView => ({
  phase: 'steady',
  elapsedMillis,
  publishedEvents: 40,
  latenessMicros: { p99: 1_500, max: 4_000 },
  hub: { rssBytes: 50_000_000, cpuSeconds: 1.5 },
  cohorts: [
    {
      name: 'fa"st',
      attempted: 20,
      connected: 20,
      open: 19,
      joined: 19,
      lowestNextSequence: 3,
      deliveries: 760,
      evicted: 1,
      latency: {
        count: 700,
        p50Micros: 2_000,
        p99Micros: 30_000,
        buckets: { counts: [0, 0, 100, 500, 0, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0, 1], sumMicros: 14_000_000 },
        lastSecond: { p50Micros: 1_000, p99Micros: 9_000 },
      },
    },
  ],
});

const folder = mkdtempSync(join(tmpdir(), 'norn-out-'));
const warnings: string[] = [];
const context = {
  clock: systemClock,
  kitVersion: '1.2.3',
  instance: 'here',
  warn: (sentence: string) => void warnings.push(sentence),
};
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  warnings.length = 0;
  for (const close of closers.splice(0)) await close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function open(...specs: OutputSpec[]) {
  const opened = await openOutputs(specs, context);
  if (!opened.ok) throw new Error(opened.problem);
  return opened.value;
}

async function collect(answer: number | 'never' | 'trickle') {
  const receiver = await receiveOtlp(answer);
  closers.push(receiver.close);
  return receiver;
}

describe('prometheus', () => {
  const spec = { kind: 'prometheus', host: '127.0.0.1', port: 0 } as const;

  it('gives every metric with its type, in base units, and quotes what must be', async () => {
    const outputs = await open(spec);
    outputs.take(view(2_500));
    const answer = await fetch(outputs.where[0] ?? '');
    expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const metrics = parseMetricsText(await answer.text());
    for (const { name, kind } of LIVE_METRICS) expect(metrics.get(name)?.type).toBe(kind);
    const cohort = 'fa"st';
    expect(sampleValue(metrics, 'norn_elapsed_seconds')).toBe(2.5);
    expect(sampleValue(metrics, 'norn_latency_quantile_seconds', { cohort, quantile: '0.99' })).toBe(0.03);
    expect(sampleValue(metrics, 'norn_evictions_total', { cohort })).toBe(1);
    expect(sampleValue(metrics, 'norn_hub_resident_memory_bytes')).toBe(50_000_000);
    await outputs.end('whole');
    await expect(fetch(outputs.where[0] ?? '')).rejects.toThrow();
    expect(warnings).toEqual([]);
  });

  it('has histograms whose buckets add up', async () => {
    const outputs = await open(spec);
    outputs.take(view(2_500));
    const metrics = parseMetricsText(await (await fetch(outputs.where[0] ?? '')).text());
    const cohort = 'fa"st';
    const upTo = (le: string) => sampleValue(metrics, 'norn_latency_seconds_bucket', { cohort, le });
    expect([upTo('0.0005'), upTo('0.001'), upTo('0.0025'), upTo('10'), upTo('+Inf')]).toEqual([
      0, 100, 600, 699, 700,
    ]);
    expect(sampleValue(metrics, 'norn_latency_seconds_count', { cohort })).toBe(700);
    expect(sampleValue(metrics, 'norn_latency_seconds_sum', { cohort })).toBe(14);
    await outputs.end('whole');
  });

  it('answers before there is a number, and nothing but /metrics', async () => {
    const outputs = await open(spec);
    const where = outputs.where[0] ?? '';
    expect((await fetch(where)).status).toBe(200);
    expect((await fetch(new URL('/', where))).status).toBe(404);
    expect((await fetch(where, { method: 'POST' })).status).toBe(405);
    await outputs.end('whole');
  });

  it('is refused where the port is taken, and what was opened before is closed', async () => {
    const taken = await collect(200);
    const path = join(folder, 'before.ndjson');
    const before = { kind: 'ndjson', path } as const;
    const opened = await openOutputs([before, { ...spec, port: Number(new URL(taken.url).port) }], context);
    expect(opened).toMatchObject({ ok: false, problem: expect.stringContaining('EADDRINUSE') });
    expect(readFileSync(path, 'utf8')).toContain('{"kind":"end","how":"partial"}');
  });
});

describe('otlp', () => {
  it('hands every metric to the collector, at the latest at the end', async () => {
    const collector = await collect(200);
    const outputs = await open({ kind: 'otlp', url: collector.url });
    outputs.take(view(1_000));
    await outputs.end('whole');
    expect(warnings).toEqual([]);
    expect(collector.paths()).toEqual(['/v1/metrics']);
    const [last] = collector.requests().slice(-1);
    for (const { name, help } of LIVE_METRICS) expect(findMetric(last, name)?.description).toBe(help);
    const metric = (name: string) => findMetric(last, name);
    expect(metric('norn_published_events_total')?.sum).toMatchObject({
      isMonotonic: true,
      aggregationTemporality: 2,
      dataPoints: [{ asDouble: 40 }],
    });
    expect(metric('norn_latency_seconds')?.unit).toBe('s');
    const [point] = metric('norn_latency_seconds')?.histogram?.dataPoints ?? [];
    expect(point).toMatchObject({ count: 700, sum: 14 });
    expect(point?.bucketCounts).toHaveLength((point?.explicitBounds?.length ?? 0) + 1);
    const [start, end] = [Number(point?.startTimeUnixNano), Number(point?.timeUnixNano)];
    expect(end - start).toBeGreaterThanOrEqual(1e9);
    expect(JSON.stringify(last)).toContain('"service.instance.id"');
  });

  it.each(['never', 'trickle', 400] as const)(
    'is reported once, and cut at the end, when the collector answers: %s',
    async (answer) => {
      const collector = await collect(answer);
      const outputs = await open({ kind: 'otlp', url: collector.url });
      outputs.take(view(1_000));
      await outputs.end('whole');
      expect(warnings).toEqual([
        expect.stringContaining(`not all metrics reach ${collector.url}/v1/metrics, the run goes on: `),
      ]);
      await expect.poll(() => collector.openConnections()).toBe(0);
    },
  );

  it('is reported when nobody listens', async () => {
    const outputs = await open({ kind: 'otlp', url: 'http://127.0.0.1:1' });
    outputs.take(view(1_000));
    await outputs.end('partial');
    expect(warnings).toEqual([expect.stringContaining('ECONNREFUSED')]);
  });
});

describe('ndjson', () => {
  it('has a line a second, the last state, and how the run ended', async () => {
    const path = join(folder, 'samples.ndjson');
    const outputs = await open({ kind: 'ndjson', path });
    for (const millis of [0, 300, 1_000, 1_900, 2_100, 2_500]) outputs.take(view(millis));
    await outputs.end('partial');
    expect(warnings).toEqual([]);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const read = lines.map((line) => JSON.parse(line));
    expect(read.map(({ kind, elapsedMillis }) => elapsedMillis ?? kind)).toEqual([
      'samples',
      0,
      1_000,
      2_100,
      2_500,
      'end',
    ]);
    expect(read.at(-1)).toEqual({ kind: 'end', how: 'partial' });
    expect(read[1].cohorts).toEqual(view(0).cohorts);
  });

  it('goes on with a second run, whose time begins at zero', async () => {
    const path = join(folder, 'two.ndjson');
    const outputs = await open({ kind: 'ndjson', path });
    for (const millis of [0, 5_000, 10, 500]) outputs.take(view(millis));
    await outputs.end('whole');
    expect(readFileSync(path, 'utf8').match(/"elapsedMillis":\d+/g)).toHaveLength(4);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'says at once that a disk is full, and at the end what is missing',
    async () => {
      const outputs = await open({ kind: 'ndjson', path: '/dev/full' });
      expect(warnings).toEqual([expect.stringMatching(/^\/dev\/full ends after 0 lines for now.*ENOSPC/)]);
      outputs.take(view(0));
      await outputs.end('whole');
      expect(warnings[1]).toMatch(/is not complete, its 0 lines are whole: 4 lines could not be written/);
      expect(warnings).toHaveLength(2);
    },
  );

  // The limit on file sizes does to a process of its own what a full disk does, half-written lines included.
  it.skipIf(!existsSync('/usr/bin/prlimit'))(
    'keeps whole lines when the room ends, and goes on when there is some again',
    async () => {
      const path = join(folder, 'limited.ndjson');
      const script = `
      import { execFileSync } from 'node:child_process';
      import { openNdjson } from ${JSON.stringify(programFile(new URL('./ndjson.ts', import.meta.url)))};
      const warn = (sentence) => console.log(sentence);
      const opened = openNdjson(process.argv[1], { clock: { wallMillis: () => 0 }, kitVersion: '1', instance: 'x', warn });
      const view = (second) => ({ elapsedMillis: second * 1000, phase: 'p'.repeat(200) });
      for (let second = 0; second < 9; second++) opened.value.take(view(second));
      execFileSync('/usr/bin/prlimit', ['--pid', String(process.pid), '--fsize=unlimited']);
      for (let second = 9; second < 12; second++) opened.value.take(view(second));
      await opened.value.end('whole');`;
      const node = [process.execPath, '--input-type=module', '-e', script, path];
      const warned = execFileSync('/usr/bin/prlimit', ['--fsize=1024:unlimited', ...node], {
        encoding: 'utf8',
      });
      expect(warned).toMatch(/^\S+ ends after 4 lines for now, the run goes on without: EFBIG.*\n$/);
      const read = readFileSync(path, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(read.map(({ elapsedMillis, missing, kind }) => elapsedMillis ?? missing ?? kind)).toEqual([
        ...['samples', 0, 1_000, 2_000],
        ...[6, 9_000, 10_000, 11_000, 11_000, 'end'],
      ]);
    },
  );

  it('is refused where it cannot be written', async () => {
    const opened = await openOutputs([{ kind: 'ndjson', path: '/no/such/folder/x' }], context);
    expect(opened).toMatchObject({ ok: false, problem: expect.stringContaining('/no/such/folder/x') });
  });
});
