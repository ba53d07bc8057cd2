// All live outputs of one real run, looked at while it goes on, then Ctrl-C: what was measured is kept and marked. Two
// more outputs of the same run fail, which changes nothing; and where one cannot be opened, nothing is started.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { LIVE_METRICS } from '../../load/outputs/live-metrics.ts';
import { programFile } from '../../target/spawn/program-file.ts';
import { parseMetricsText, sampleValue } from '../../testing/peers/metrics-text.ts';
import { findMetric, receiveOtlp } from '../../testing/peers/otlp-receiver.ts';

const PROGRAM = programFile(new URL('../loadtest.ts', import.meta.url));
const TIMEOUT_MILLIS = 90_000;
const POLL = { timeout: 40_000, interval: 100 };
const folder = mkdtempSync(join(tmpdir(), 'norn-outputs-'));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(...args: readonly string[]) {
  const small = ['--clients', '10', '--warmup', '200ms', '--quiet', '--output', join(folder, 'reports')];
  const child = spawn(process.execPath, [PROGRAM, ...small, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, CI: 'true' },
  });
  children.push(child);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, code, stderr: () => stderr };
}

it('are scraped, collected and read while others fail, and marked partial after Ctrl-C', {
  timeout: TIMEOUT_MILLIS,
}, async () => {
  const collector = await receiveOtlp(200);
  const samples = join(folder, 'samples.ndjson');
  const failing = ['otlp=http://127.0.0.1:1', ...(existsSync('/dev/full') ? ['ndjson=/dev/full'] : [])];
  const outs = ['prometheus=:0', `otlp=${collector.url}`, `ndjson=${samples}`, ...failing];
  const run = start('--duration', '60s', ...outs.flatMap((out) => ['--out', out]));
  await expect.poll(run.stderr, POLL).toMatch(/live numbers: http:\S+\/metrics\n/);
  const [, url = ''] = /(http:\S+\/metrics)\n/.exec(run.stderr()) ?? [];
  const scrape = async () => parseMetricsText(await (await fetch(url)).text());

  const fast = { cohort: 'fast' };
  await expect
    .poll(async () => sampleValue(await scrape(), 'norn_latency_seconds_count', fast), POLL)
    .toBeGreaterThan(0);
  const metrics = await scrape();
  for (const { name, kind } of LIVE_METRICS) expect(metrics.get(name)?.type).toBe(kind);
  expect(sampleValue(metrics, 'norn_clients_open', fast)).toBe(10);
  expect(sampleValue(metrics, 'norn_deliveries_total', fast)).toBeGreaterThanOrEqual(
    sampleValue(metrics, 'norn_latency_seconds_count', fast),
  );
  expect(sampleValue(metrics, 'norn_latency_seconds_bucket', { ...fast, le: '+Inf' })).toBe(
    sampleValue(metrics, 'norn_latency_seconds_count', fast),
  );
  await expect.poll(() => collector.requests().length, POLL).toBeGreaterThan(0);

  run.child.kill('SIGINT');
  expect(await run.code).toBe(130);
  const last = collector.requests().at(-1);
  expect(findMetric(last, 'norn_latency_seconds')?.histogram?.dataPoints[0]?.count).toBeGreaterThan(0);
  const lines = readFileSync(samples, 'utf8').trimEnd().split('\n');
  const read = lines.map((line) => JSON.parse(line));
  expect(read[0]).toMatchObject({ kind: 'samples', version: 1 });
  expect(read.at(-1)).toEqual({ kind: 'end', how: 'partial' });
  const { partial, ledger } = JSON.parse(readFileSync(join(folder, 'reports', 'loadtest.json'), 'utf8'));
  expect(partial).toBe(true);
  expect(read.at(-2).publishedEvents).toBeLessThanOrEqual(ledger.published);
  const warned = run.stderr().match(/(?<=warning: --out: ).*/g) ?? [];
  const aboutDisk = warned.filter((line) => line.startsWith('/dev/full'));
  expect(warned.filter((line) => line.includes('127.0.0.1:1/'))).toHaveLength(1);
  expect(aboutDisk.length).toBe(existsSync('/dev/full') ? 2 : 0);
  expect(warned).toHaveLength(1 + aboutDisk.length);
  await collector.close();
});

it('start nothing when a port is taken', { timeout: TIMEOUT_MILLIS }, async () => {
  const taken = await receiveOtlp(200);
  const { port } = new URL(taken.url);
  const run = start('--ui', '--out', `prometheus=:${port}`);
  expect(await run.code).toBe(2);
  expect(run.stderr()).toMatch(new RegExp(`--out: cannot listen on 127.0.0.1:${port}: .*EADDRINUSE`));
  await taken.close();
});
