// Live outputs as others see them: a scrape, a collector, a file; and that what becomes of them is the run's no more than
// a sentence at the end.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { ProgressView } from '../run-options.ts';
import { LIVE_METRICS } from './live-metrics.ts';
import { openOutputs } from './open-outputs.ts';
import type { OutputSpec } from './output.ts';

const STARTED = '2026-01-02T03:04:05.000Z';
const view = (elapsedMillis: number): ProgressView => ({
  phase: 'measure',
  elapsedMillis,
  publishedEvents: 40,
  latenessMicros: { p99: 1_500, max: 4_000 },
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
        lastSecond: { p50Micros: 1_000, p99Micros: 9_000 },
      },
    },
  ],
});

const folder = mkdtempSync(join(tmpdir(), 'norn-out-'));
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function open(...specs: OutputSpec[]) {
  const opened = await openOutputs(specs, STARTED, '1.2.3');
  if (!opened.ok) throw new Error(opened.problem);
  return opened.value;
}

/** A collector that answers as `answer` says; resolves with the JSON bodies it got. */
async function collect(answer: number | 'never'): Promise<{ url: string; bodies: unknown[] }> {
  const bodies: unknown[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push({ path: request.url, ...JSON.parse(Buffer.concat(chunks).toString()) });
      if (answer !== 'never') response.writeHead(answer, { 'Content-Type': 'application/json' }).end('{}');
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}

describe('prometheus', () => {
  const spec = { kind: 'prometheus', host: '127.0.0.1', port: 0 } as const;

  it('gives every metric with its type, in base units, and quotes what must be', async () => {
    const outputs = await open(spec);
    outputs.take(view(2_500));
    const answer = await fetch(outputs.where[0] ?? '');
    const text = await answer.text();
    expect(answer.headers.get('content-type')).toContain('text/plain');
    for (const { name, kind } of LIVE_METRICS) expect(text).toContain(`# TYPE ${name} ${kind}\n`);
    expect(text).toContain('norn_elapsed_seconds 2.5\n');
    expect(text).toContain('norn_latency_seconds{cohort="fa\\"st",quantile="0.99"} 0.03\n');
    expect(text).toContain('norn_evictions_total{cohort="fa\\"st"} 1\n');
    expect(await outputs.end('whole')).toEqual([]);
    await expect(fetch(outputs.where[0] ?? '')).rejects.toThrow();
  });

  it('answers before there is a number, and nothing but /metrics', async () => {
    const outputs = await open(spec);
    const where = outputs.where[0] ?? '';
    expect((await fetch(where)).status).toBe(200);
    expect((await fetch(new URL('/', where))).status).toBe(404);
    await outputs.end('whole');
  });

  it('is refused where the port is taken, and what was opened before is closed', async () => {
    const taken = await collect(200);
    const path = join(folder, 'before.ndjson');
    const before = { kind: 'ndjson', path } as const;
    const opened = await openOutputs(
      [before, { ...spec, port: Number(new URL(taken.url).port) }],
      STARTED,
      '1',
    );
    expect(opened).toMatchObject({ ok: false, problem: expect.stringContaining('EADDRINUSE') });
    expect(readFileSync(path, 'utf8')).toContain('{"kind":"end","how":"partial"}');
  });
});

describe('otlp', () => {
  it('hands every metric to the collector, at the latest at the end', { timeout: 20_000 }, async () => {
    const collector = await collect(200);
    const outputs = await open({ kind: 'otlp', url: collector.url });
    outputs.take(view(1_000));
    expect(await outputs.end('whole')).toEqual([]);
    const text = JSON.stringify(collector.bodies.at(-1));
    expect(text).toContain('/v1/metrics');
    for (const { name } of LIVE_METRICS) expect(text).toContain(`"name":"${name}"`);
    expect(text).toContain('norn-loadtest');
    expect(text).toMatch(/"asDouble":0\.03\b/);
  });

  it.each([
    ['refuses', 400],
    ['never answers', 'never'],
  ] as const)('ends in time, and says so, when the collector %s', { timeout: 20_000 }, async (_, answer) => {
    const collector = await collect(answer);
    const outputs = await open({ kind: 'otlp', url: collector.url });
    outputs.take(view(1_000));
    const [problem] = await outputs.end('whole');
    expect(problem).toContain(`not all metrics reached ${collector.url}/v1/metrics`);
  });

  it('ends in time when nobody listens', { timeout: 20_000 }, async () => {
    const outputs = await open({ kind: 'otlp', url: 'http://127.0.0.1:1' });
    outputs.take(view(1_000));
    expect((await outputs.end('partial')).join()).toContain('ECONNREFUSED');
  });
});

describe('ndjson', () => {
  it('has a line a second, the last state, and how the run ended', async () => {
    const path = join(folder, 'samples.ndjson');
    const outputs = await open({ kind: 'ndjson', path });
    for (const millis of [0, 300, 1_000, 1_900, 2_100, 2_500]) outputs.take(view(millis));
    expect(await outputs.end('partial')).toEqual([]);
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

  it('says that a full disk cut it short', async () => {
    if (!existsSync('/dev/full')) return;
    const outputs = await open({ kind: 'ndjson', path: '/dev/full' });
    outputs.take(view(0));
    expect(await outputs.end('whole')).toEqual([
      expect.stringMatching(/^\/dev\/full is not complete, it ends after 0 lines: ENOSPC/),
    ]);
  });

  it('is refused where it cannot be written', async () => {
    const opened = await openOutputs([{ kind: 'ndjson', path: '/no/such/folder/x' }], STARTED, '1');
    expect(opened).toMatchObject({ ok: false, problem: expect.stringContaining('/no/such/folder/x') });
  });
});
