// Clients with a token each, as an ingress wants them: every program brings them in, and nothing that it writes holds one.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadHub } from '../library/load-hub.ts';
import type { LoadtestResult } from '../load/result/result.ts';
import { programFile } from '../target/spawn/program-file.ts';
import { untilDecided } from '../testing/defect-tests/until-decided.ts';
import { httpAnswer, startTokenGate, type TokenGate } from '../testing/peers/token-gate.ts';
import { systemClock } from '../time/clock.ts';
import { pause } from '../time/deadline.ts';

const PROGRAMS = {
  conformance: programFile(new URL('./conformance.ts', import.meta.url)),
  loadtest: programFile(new URL('./loadtest.ts', import.meta.url)),
};
const TIMEOUT_MILLIS = 90_000;
const CLIENTS = 200;
/** In every token, and nowhere else. */
const MARK = 'QzX7';
const tokenOf = (client: number) => `tok_${MARK}-${client}`;

const folder = mkdtempSync(join(tmpdir(), 'norn-clients-'));
const tokens = join(folder, 'tokens.csv');
let gate: TokenGate;

beforeAll(async () => {
  const known = new Set(Array.from({ length: CLIENTS }, (_, at) => tokenOf(at + 1)));
  writeFileSync(tokens, ['token', ...known].join('\n'));
  gate = await startTokenGate((token) => {
    if (token === 'moved') return httpAnswer('302 Found', '', ['Location: https://elsewhere.example/ws']);
    return known.has(token) ? undefined : httpAnswer('401 Unauthorized', `no such token: ${token}`);
  });
});
afterAll(async () => {
  await gate.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number;
  readonly stderr: string;
  /** Streams and files. */
  readonly written: string;
  readonly folder: string;
}

let runs = 0;

function run(program: keyof typeof PROGRAMS, args: readonly string[], environment = {}): Promise<Outcome> {
  const cwd = join(folder, `run-${runs++}`);
  mkdirSync(cwd);
  const env = { ...process.env, CI: 'true', ...environment };
  return new Promise((resolve) => {
    const options = { cwd, env, timeout: TIMEOUT_MILLIS, maxBuffer: 2 ** 27 };
    execFile(process.execPath, [PROGRAMS[program], ...args], options, (error, stdout, stderr) => {
      const files = readdirSync(cwd, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
      const texts = files.map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'));
      const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0;
      resolve({ code, stderr, written: [stdout, stderr, ...texts].join('\n'), folder: cwd });
    });
  });
}

const resultOf = ({ folder: cwd }: Outcome) =>
  JSON.parse(readFileSync(join(cwd, 'reports', 'loadtest.json'), 'utf8')) as LoadtestResult;
const isInconclusive = ({ code }: Outcome) => code === 4;
const SHORT = ['--rate', '20', '--duration', '1s', '--warmup', '200ms', '--workers', '2'];

describe('clients with a token each', () => {
  it('are let in, 200 of two cohorts, each with its own row, and no report holds a token', {
    timeout: 3 * TIMEOUT_MILLIS,
  }, async () => {
    const outcome = await untilDecided(() => {
      gate.seen.length = 0;
      return run('loadtest', [
        ...[`${gate.url}?app={cohort}&n={client}`, '--client-header', 'Authorization: Bearer {token}'],
        ...[
          '--client-data',
          tokens,
          '--cohort',
          'fast=150',
          '--cohort',
          'other=50:churn(every=10s)',
          ...SHORT,
        ],
        ...['--reporter', 'terminal', '--reporter', 'junit', '--out', 'ndjson=live.ndjson'],
      ]);
    }, isInconclusive);
    expect(outcome.stderr).not.toContain('a bug');
    const { cohorts, target, ledger, command } = resultOf(outcome);
    expect(cohorts.map(({ name, connected }) => [name, connected])).toEqual([
      ['fast', 150],
      ['other', 50],
    ]);
    expect(ledger.balanced).toBe(true);
    expect(outcome.code).toBe(0);
    expect(new Set(gate.seen.map(({ token }) => token)).size).toBe(CLIENTS);
    expect(gate.seen).toContainEqual(
      expect.objectContaining({ token: tokenOf(151), path: '/ws?app=other&n=151' }),
    );
    expect(target.url).toBe(`${gate.url}?app={cohort}&n={client}`);
    expect(command).toContain("'Authorization: Bearer {token}'");
    expect(outcome.written).not.toContain(MARK);
  });

  it('pass the conformance suite, whose every request has the header and the row of the first', {
    timeout: TIMEOUT_MILLIS,
  }, async () => {
    gate.seen.length = 0;
    const outcome = await run(
      'conformance',
      [
        ...[
          `${gate.url}?token={token}`,
          '--client-header',
          'Cookie: gate={env:GATE}',
          '--client-data',
          tokens,
        ],
        ...[
          '--output',
          'out',
          '--only',
          'handshake.*',
          '--only',
          'origin.*',
          '--only',
          'delivery.no-history',
        ],
        ...['--broadcast-url', gate.broadcastUrl],
      ],
      { GATE: `cookie-${MARK}` },
    );
    expect(outcome).toMatchObject({ code: 0 });
    const withQuery = gate.seen.filter(({ token }) => token !== '' && token !== 'not-a-token');
    expect(new Set(withQuery.map(({ token }) => token))).toEqual(new Set([tokenOf(1)]));
    expect(gate.seen.every(({ headers }) => headers.cookie?.includes(`gate=cookie-${MARK}`))).toBe(true);
    expect(outcome.written).not.toContain(MARK);
  });

  it('are counted by cause and cohort where some are refused, also the first, and thresholds judge', {
    timeout: 3 * TIMEOUT_MILLIS,
  }, async () => {
    const rows = [
      'token',
      `bad_${MARK}-0`,
      ...Array.from({ length: 28 }, (_, at) => tokenOf(at + 1)),
      `bad_${MARK}-1`,
    ];
    const data = join(folder, 'some-bad.csv');
    writeFileSync(data, rows.join('\n'));
    const args = [gate.url, '--client-header', 'Authorization: Bearer {token}', '--client-data', data];
    const cohorts = ['--cohort', 'fast=29', '--cohort', 'late=1:lag(5ms)', ...SHORT];
    const outcome = await untilDecided(
      () =>
        run('loadtest', [
          ...[...args, ...cohorts, '--reporter', 'terminal', '--out', 'ndjson=live.ndjson'],
          ...['--threshold', 'failures{cause=401}<=2', '--threshold', 'connected.rate>=90%'],
          ...['--threshold', 'failures{cause=401,cohort=late}==1'],
        ]),
      isInconclusive,
    );
    const { cohorts: measured, findings, thresholds } = resultOf(outcome);
    const sample = expect.stringMatching(/answered HTTP 401 instead of 101 .*: "no such token: \*\*\*"$/);
    expect(measured.map(({ connected, failures }) => ({ connected, failures }))).toEqual([
      { connected: 28, failures: [{ cause: '401', count: 1, sample }] },
      { connected: 0, failures: [{ cause: '401', count: 1, sample }] },
    ]);
    expect(thresholds.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(findings.filter(({ name }) => name === 'not-connected').map(({ severity }) => severity)).toEqual([
      'warning',
      'warning',
    ]);
    expect(outcome.written).toContain('failures{cause=401,cohort=late}: 1');
    expect(outcome.written).not.toContain(MARK);
    expect(outcome.code).toBe(0);
  });

  it('are judged by no check where nobody lets them in', async () => {
    const args = [gate.url, '--client-header', `Authorization: Bearer bad_${MARK}`, '--only', 'handshake'];
    const outcome = await run('conformance', args);
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toContain(
      `${gate.url} answered the first handshake with HTTP 401: it does not accept what the URL, --client-header or --client-data give`,
    );
    expect(outcome.written).not.toContain(MARK);
  });

  it.each<[string, number, (file: string) => readonly string[], string]>([
    [
      'a token that nobody knows',
      3,
      () => ['--client-header', `Authorization: Bearer bad_${MARK}`],
      'answered HTTP 401 instead of 101 (has the client the token, cookie or origin that it wants?): "no such token: ***"',
    ],
    [
      'a hub that is elsewhere',
      3,
      () => ['--client-header', 'Authorization: Bearer moved'],
      'answered HTTP 302 instead of 101, a redirect to https://elsewhere.example/ws (no client follows it: connect to the URL of the hub itself)',
    ],
    [
      'a column that is missing',
      2,
      (file) => ['--client-header', 'Authorization: {tokn}', '--client-data', file],
      '--client-header Authorization: {tokn}: the file of --client-data has no such column; did you mean {token}?',
    ],
    [
      'a file that is missing',
      2,
      (file) => ['--client-data', `${file}.none`],
      'tokens.csv.none: no such file',
    ],
    [
      'too few rows',
      2,
      (file) => ['--client-data', file, '--cohort', 'more=198'],
      'tokens.csv: 200 rows for 201 clients; add rows, or repeat them with --client-data-reuse',
    ],
  ])('end with one line for %s', async (_, code, argsFor, line) => {
    const outcome = await run('loadtest', [gate.url, '--clients', '3', ...argsFor(tokens), ...SHORT]);
    expect(outcome.code).toBe(code);
    expect(outcome.written).toContain(line);
    expect(outcome.written).not.toContain(MARK);
  });

  it('leave no token in a trace, also where the hub repeats it', { timeout: TIMEOUT_MILLIS }, async () => {
    const payload = { sagaId: 's', message: `welcome ${tokenOf(1)}` };
    const event = JSON.stringify({ type: 'deploy.progress', appId: 'shop', payload });
    let hasEnded = false;
    const recording = run('loadtest', [
      ...[
        'record',
        `${gate.url}?token={token}`,
        '--client-data',
        tokens,
        '--events',
        '2',
        '--output',
        't.ndjson',
      ],
    ]).finally(() => {
      hasEnded = true;
    });
    while (!hasEnded) {
      await fetch(gate.broadcastUrl, {
        ...{ method: 'POST', body: event, headers: { 'content-type': 'application/json' } },
      });
      await pause(systemClock, 50);
    }
    const { code, written } = await recording;
    expect(code).toBe(0);
    expect(written).toContain('welcome ***');
    expect(written).not.toContain(MARK);
  });

  it('of one cohort may have a file of their own, also in the library', {
    timeout: TIMEOUT_MILLIS,
  }, async () => {
    gate.seen.length = 0;
    const own = join(folder, 'own.ndjson');
    writeFileSync(own, JSON.stringify({ secret: tokenOf(77) }));
    const { cohorts } = await loadHub({
      url: gate.url,
      cohorts: ['fast=2', 'own=1'],
      clientHeader: ['Authorization: Bearer {token}'],
      clientData: tokens,
      cohortClient: {
        own: {
          clientHeader: ['Authorization: Bearer {secret}'],
          clientData: own,
          origin: 'http://localhost',
        },
      },
      ...{ ratePerSecond: 20, durationMillis: 1_000, warmupMillis: 0, workers: 1 },
    });
    expect(cohorts.map(({ connected }) => connected)).toEqual([2, 1]);
    expect(gate.seen).toContainEqual(
      expect.objectContaining({
        token: tokenOf(77),
        headers: expect.objectContaining({ origin: 'http://localhost' }),
      }),
    );
  });
});
