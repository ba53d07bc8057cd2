// A secret goes in by every way there is; each program runs with every reporter; nothing that it wrote holds the secret.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHub, type Hub } from '../../hub/hub.ts';
import { CONFORMANCE_REPORTERS } from '../../report/conformance/reporter-names.ts';
import { LOADTEST_REPORTERS } from '../../report/loadtest/reporter-names.ts';
import { programFile } from '../../target/spawn/program-file.ts';
import { createLanes } from '../../testing/lanes.ts';

const MARK = 'EN-7781';
const SECRET = `tok_${MARK}"q<z`;
const PASSWORD = 'pass-WORD-4242';
const HEADER = `Authorization: Bearer ${SECRET}`;
const PROGRAMS = {
  conformance: programFile(new URL('../conformance.ts', import.meta.url)),
  loadtest: programFile(new URL('../loadtest.ts', import.meta.url)),
  hub: programFile(new URL('../hub.ts', import.meta.url)),
};

const folder = mkdtempSync(join(tmpdir(), 'norn-secrets-'));
let hub: Hub;
let url: string;
let broadcastUrl: string;
let echo: Server;
let echoUrl: string;

beforeAll(async () => {
  writeFileSync(identity, `row\nrow_${MARK}\n`);
  hub = createHub({ broadcastToken: SECRET });
  const addresses = await hub.listen(0, '127.0.0.1');
  url = withUser(addresses.url);
  broadcastUrl = addresses.broadcastUrl;
  // A route that quotes the credentials it refuses.
  echo = createServer((request, response) => {
    response.writeHead(403, { 'content-type': 'text/plain' });
    response.end(`no such token: ${request.headers.authorization}`);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => echo.once('listening', resolve));
  echoUrl = `http://127.0.0.1:${(echo.address() as AddressInfo).port}/broadcast`;
});
afterAll(async () => {
  echo.closeAllConnections();
  echo.close();
  await hub.stop();
  rmSync(folder, { recursive: true, force: true });
});

const withUser = (address: string) => address.replace('://', `://maria:${PASSWORD}@`);
const each = (names: readonly string[]) => names.flatMap((name) => ['--reporter', name]);
let runs = 0;

const inLane = createLanes(3);

/** What every program that connects is given besides: a file with tokens, a variable and a cookie. */
const identity = join(folder, 'clients.csv');
const IDENTITY = [
  ...['--client-header', `Cookie: sid=cook_${MARK}`, '--client-header', 'X-Row: {row}'],
  ...['--client-header', 'X-Variable: {env:CLIENT_KEY}', '--client-data', identity, '--client-data-reuse'],
];

/** Everything that one run writes: streams, step summary, files. */
const run = (
  program: keyof typeof PROGRAMS,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
) => inLane(() => runNow(program, args, variables));

function runNow(
  program: keyof typeof PROGRAMS,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly written: string }> {
  const cwd = join(folder, `run-${runs++}`);
  mkdirSync(cwd);
  const client = { CLIENT_KEY: `env_${MARK}` };
  const env = { ...process.env, GITHUB_STEP_SUMMARY: join(cwd, 'step.md'), ...client, ...variables };
  const given = program === 'hub' ? args : [...args, ...IDENTITY];
  return new Promise((resolve) => {
    const options = { cwd, env, timeout: 60_000, maxBuffer: 2 ** 27 };
    execFile(process.execPath, [PROGRAMS[program], ...given], options, (error, stdout, stderr) => {
      const files = readdirSync(cwd, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
      const texts = files.map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'));
      resolve({
        code: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
        written: [stdout, stderr, ...texts].join('\n'),
      });
    });
  });
}

function expectNoSecret(written: string): void {
  expect(written.length).toBeGreaterThan(0);
  // Its letters survive every encoding that a report uses.
  for (const part of [MARK, 'EN%2D7781', 'WORD-4242']) expect(written).not.toContain(part);
  expect(written).not.toContain('a bug, please report it');
}

const FEW_CHECKS = [
  '--only',
  'delivery.in-order',
  '--only',
  'envelope.text-frames',
  '--only',
  'handshake.accept-key',
];
const SMALL = ['--clients', '3', '--rate', '20', '--duration', '1s', '--warmup', '0s', '--workers', '1'];

describe.concurrent('secrets', { timeout: 240_000 }, () => {
  it('do not leave norn-conformance', async () => {
    const args = [url, '--broadcast-header', HEADER, '--broadcast-url', withUser(broadcastUrl)];
    const { code, written } = await run('conformance', [
      ...args,
      ...FEW_CHECKS.slice(-2),
      ...each(CONFORMANCE_REPORTERS),
      '--output',
      'out',
    ]);
    expectNoSecret(written);
    expect(written).toContain("'Authorization: ***'");
    expect(written).toContain('ws://***@127.0.0.1');
    expect(code).toBe(0);
  });

  it('do not leave norn-conformance when the hub quotes them', async () => {
    const { written } = await run(
      'conformance',
      [
        url,
        '--broadcast-url',
        echoUrl,
        ...FEW_CHECKS.slice(-2),
        '--only',
        'delivery.*',
        ...each(CONFORMANCE_REPORTERS),
        '--output',
        'out',
      ],
      { NORN_BROADCAST_HEADER: HEADER },
    );
    expect(written).toContain('no such token: ***');
    expectNoSecret(written);
  });

  it('do not leave a load test', async () => {
    const args = [url, '--broadcast-header', HEADER, '--broadcast-url', broadcastUrl, ...SMALL];
    const { written } = await run('loadtest', [
      ...args,
      ...each(LOADTEST_REPORTERS),
      '--out',
      'ndjson=live.ndjson',
      '--out',
      `otlp=${withUser(echoUrl)}`,
    ]);
    expectNoSecret(written);
    expect(written).toContain("'Authorization: ***'");
  });

  it('do not leave a load test whose hub quotes them, nor a plan file', async () => {
    const plan = join(folder, 'plan.yaml');
    writeFileSync(
      plan,
      `url: ${url}\nbroadcast-url: ${echoUrl}\nbroadcast-header:\n  - ${JSON.stringify(HEADER)}\nclients: 3\nrate: 20\nduration: 1s\nwarmup: 0s\n`,
    );
    expectNoSecret((await run('loadtest', [plan, ...each(LOADTEST_REPORTERS)])).written);
  });

  it('do not leave find, replay, record and ab', async () => {
    const hubArgs = ['--broadcast-header', HEADER, '--broadcast-url', broadcastUrl];
    const outcomes = await Promise.all([
      run('loadtest', ['find', url, ...hubArgs, '--clients', '2', '--budget', '5s', '--duration', '1s']),
      run('loadtest', ['replay', 'burst-evicts-readers', url, ...hubArgs]),
      run('loadtest', ['record', url, '--duration', '1s']),
      run('loadtest', ['ab', url, url, '--pairs', '8', '--duration', '1s']),
    ]);
    for (const { written } of outcomes) expectNoSecret(written);
  });

  it.each([
    ['a header that is none', ['--broadcast-header', SECRET]],
    ['a header in several words', ['--broadcast-header', 'Authorization:', 'Bearer', SECRET]],
    ['a header of the kit', ['--broadcast-header', `Connection: ${SECRET}`]],
    ['a hub that does not exist', ['--spawn', `false --db postgres://u:${PASSWORD}@db/x`]],
    ['a URL that cannot be read', [`--broadcast-url=ftp://u:${PASSWORD}@h`]],
  ])('do not stand in the error message about %s', async (_, args) => {
    const target = args[0] === '--spawn' ? [] : [url];
    for (const program of ['conformance', 'loadtest'] as const) {
      const { code, written } = await run(program, [...target, ...args]);
      expect([2, 3]).toContain(code);
      expectNoSecret(written);
    }
  });

  it('do not stand in what norn-hub prints', async () => {
    const { written } = await run('hub', ['--broadcast-token', SECRET, '--port', '99999999']);
    expectNoSecret(written);
  });
});
