// Hubs whose broadcast route waits for slow clients, or takes small bodies only, are judged for what they do.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { programFile } from '../../../target/spawn/program-file.ts';
import { startReferenceTarget } from '../../../target/spawn/reference.ts';
import type { Target } from '../../../target/target.ts';
import { untilDecided } from '../../../testing/defect-tests/until-decided.ts';
import { removeBuilds } from '../../../testing/external/build-go.ts';
import { EXTERNAL_LANGUAGES } from '../../../testing/external/external-hubs.ts';
import type { Parsed } from '../../../units/parsed.ts';
import type { LoadtestResult } from '../../result/result.ts';

const PROGRAM = programFile(new URL('../../../cli/loadtest.ts', import.meta.url));
const RUN_TIMEOUT_MILLIS = 90_000;
const TIMEOUT_MILLIS = 3 * RUN_TIMEOUT_MILLIS;
const MAX_BODY_BYTES = 8_192;
const folder = mkdtempSync(join(tmpdir(), 'publishing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LOAD = [
  ...['--clients', '5', '--cohort', 'stall=4:stall', '--rate', '50', '--duration', '4s'],
  ...['--warmup', '500ms'],
];

/** Again while the machine was too busy to reach the load. */
const run = (name: string, args: readonly string[]) =>
  untilDecided(
    () => runOnce(name, args),
    ({ code }) => code === 4,
  );

async function runOnce(name: string, args: readonly string[]) {
  const output = join(folder, name);
  const argv = [PROGRAM, 'run', ...args, ...LOAD, '--output', output];
  const [code, stdout] = await new Promise<[number, string]>((resolve) => {
    execFile(process.execPath, argv, { timeout: RUN_TIMEOUT_MILLIS }, (error, text) =>
      resolve([typeof error?.code === 'number' ? error.code : error ? -1 : 0, text]),
    );
  });
  const result = JSON.parse(readFileSync(join(output, 'loadtest.json'), 'utf8')) as LoadtestResult;
  return { code, stdout, result };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** A broadcast route before the hub that stops answering in the middle of the run. */
async function startStoppingRoute(hub: Target) {
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    if (++requests > 120) return;
    const outcome = await hub.broadcast(body.split('\n').filter((line) => line !== ''));
    response.writeHead(outcome.ok ? 202 : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ accepted: outcome.ok ? outcome.accepted : 0 }));
  });
  let requests = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A broadcast route before the hub that answers 413 to a body above its limit. */
async function startLimitedRoute(hub: Target) {
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const isTooLarge = Buffer.byteLength(body) > MAX_BODY_BYTES;
    const isBatch = request.headers['content-type'] === 'application/x-ndjson';
    const texts = isBatch ? body.split('\n').filter((line) => line !== '') : [body];
    const outcome = isTooLarge ? undefined : await hub.broadcast(texts);
    response.writeHead(isTooLarge ? 413 : outcome?.ok ? 202 : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ accepted: outcome?.ok ? outcome.accepted : 0 }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const BLOCKING = [
  ['python', 'publisher-waits'],
  ['python', 'sequential-send'],
  ['go', 'head-of-line-block'],
] as const;
const prepared = new Map<string, Parsed<readonly string[]>>();
for (const { name, prepare } of EXTERNAL_LANGUAGES) prepared.set(name, await prepare());
afterAll(removeBuilds);

function commandOf(language: 'python' | 'go', defect: string): string | undefined {
  const program = prepared.get(language);
  const flags = EXTERNAL_LANGUAGES.find(({ name }) => name === language)?.argumentsFor(defect, {});
  return program?.ok ? [...program.value, ...(flags ?? [])].join(' ') : undefined;
}

describe.concurrent('the load test of a hub with a difficult broadcast route', () => {
  for (const [language, defect] of BLOCKING) {
    const command = commandOf(language, defect);
    it.skipIf(command === undefined)(
      `reports ${defect} in ${language} as blocked by the stalled cohort, and nothing beside it`,
      { timeout: TIMEOUT_MILLIS },
      async ({ expect }) => {
        const { code, stdout, result } = await run(defect, ['--spawn', command ?? '']);
        expect(code).toBe(1);
        const roots = result.findings.filter(({ followsFrom }) => followsFrom === undefined);
        expect(roots).toMatchObject([{ name: 'blocked', severity: 'error', cohort: 'stall' }]);
        expect(roots[0]?.message).toMatch(/event \d+ .* \d+(\.\d+)? s/);
        expect(stdout).not.toMatch(/not published|NOT BALANCED|has no limit|left out events/);
        expect(result.ledger.balanced).toBe(true);
      },
    );
  }

  it('blames no stalled client for a route that stops answering', {
    timeout: TIMEOUT_MILLIS,
  }, async ({ expect }) => {
    const started = await startReferenceTarget();
    if (!started.ok) throw new Error(started.problem);
    const route = await startStoppingRoute(started.target);
    const { port } = route.address() as AddressInfo;
    const broadcastUrl = `http://127.0.0.1:${port}/broadcast`;
    const { code, result } = await run('stopping', [started.target.url, '--broadcast-url', broadcastUrl]);
    route.closeAllConnections();
    route.close();
    await started.target.close();
    const errors = result.findings.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ name: 'publish' }]);
    expect(errors[0]?.message).toMatch(
      /not answered within 10 s.*slow clients are not shown to be the cause/,
    );
    expect(code).toBe(1);
  });

  it('adapts its pressure to a limit of 8,192 bytes a body', { timeout: TIMEOUT_MILLIS }, async ({
    expect,
  }) => {
    const started = await startReferenceTarget();
    if (!started.ok) throw new Error(started.problem);
    const route = await startLimitedRoute(started.target);
    const { port } = route.address() as AddressInfo;
    const broadcastUrl = `http://127.0.0.1:${port}/broadcast`;
    const { code, result } = await run('limited', [started.target.url, '--broadcast-url', broadcastUrl]);
    route.close();
    await started.target.close();
    expect(result.publishing).toMatchObject({ unanswered: 0, refusals: [{ status: 413 }] });
    expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(result.ledger).toMatchObject({ balanced: true, lost: 0 });
    expect(code).toBe(0);
  });
});
