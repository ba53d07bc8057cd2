// The program as users run it: the right verdict, exit code and words for good hubs, bad hubs and bad input, and
// nothing left running.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import type { LoadtestResult } from '../load/result/result.ts';
import { programFile } from '../target/spawn/program-file.ts';
import { untilDecided } from '../testing/defect-tests/until-decided.ts';
import { createLanes } from '../testing/lanes.ts';

const PROGRAM = programFile(new URL('./loadtest.ts', import.meta.url));
const DEFECT = programFile(new URL('../testing/programs/run-defect.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'loadtest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const RUN_TIMEOUT_MILLIS = 150_000;
const TIMEOUT_MILLIS = 6 * RUN_TIMEOUT_MILLIS;
/** More would overload the generators. */
const MAX_RUNS_AT_ONCE = 4;
let runs = 0;

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly output: string;
  readonly result: () => LoadtestResult;
}

const inLane = createLanes(MAX_RUNS_AT_ONCE);

function run(args: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
  return inLane(() => runNow(args, environment));
}

function runNow(args: readonly string[], environment: Record<string, string>): Promise<Outcome> {
  const output = join(folder, `run-${runs++}`);
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [PROGRAM, ...args, '--output', output],
      { env: { ...process.env, CI: 'true', ...environment }, timeout: RUN_TIMEOUT_MILLIS },
      (error, stdout, stderr) => {
        const result = () =>
          JSON.parse(readFileSync(join(output, 'loadtest.json'), 'utf8')) as LoadtestResult;
        resolve({
          code: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
          stdout,
          stderr,
          output,
          result,
        });
      },
    );
  });
}

/** A run whose generator was overloaded, or whose hub was slower than planned, exits with 4. */
const runUntilDecided = (args: readonly string[]): Promise<Outcome> =>
  untilDecided(
    () => run(args),
    ({ code }) => code === 4,
  );

const SMALL = ['--clients', '20', '--cohort', 'stall=4', '--duration', '2s', '--warmup', '300ms', '--quiet'];
const against = (defect: string) => ['--spawn', `${process.execPath} ${DEFECT} ${defect}`, ...SMALL];

// They take longest, so they start first.
describe.concurrent('a wrong hub fails the run by name', () => {
  it.each([
    ['forget-without-close', 'forgotten'],
    ['never-evict', 'not-evicted'],
    ['corrupt', 'corrupted'],
    ['drop-random', 'lost'],
    ['drop-oldest', 'lost'],
    ['head-of-line-block', 'blocked'],
    ['duplicate', 'duplicated'],
    ['reorder', 'reordered'],
    ['corrupt-value', 'corrupted'],
    ['any-origin', 'origin'],
    ['binary-opcode', 'protocol'],
  ])('%s: %s', { timeout: TIMEOUT_MILLIS }, async (defect, finding) => {
    const outcome = await runUntilDecided(against(defect));
    expect([outcome.code, outcome.stdout.split('\n')[0]]).toEqual([1, expect.stringContaining('FAILED')]);
    expect(outcome.result().findings.map(({ name }) => name)).toContain(finding);
  });

  it('a breached threshold alone is exit 1', { timeout: TIMEOUT_MILLIS }, async () => {
    const outcome = await runUntilDecided([
      ...SMALL,
      '--threshold',
      'latency{cohort=fast}.max<1ms',
      '--threshold',
      'received>1000000',
    ]);
    expect(outcome.code).toBe(1);
    expect(outcome.result().thresholds.map(({ ok }) => ok)).toEqual([false, false]);
  });
});

describe.concurrent('the reporters of a load test', () => {
  it('print only JSON when no other reporter is named', {
    timeout: TIMEOUT_MILLIS,
  }, async () => {
    const { code, stdout, output } = await runUntilDecided([...SMALL, '--reporter', 'json']);
    expect(code).toBe(0);
    const printed = JSON.parse(stdout) as LoadtestResult;
    expect(printed).toEqual(JSON.parse(readFileSync(join(output, 'loadtest.json'), 'utf8')));
  });

  it('refuse a name that is none, with those there are', { timeout: TIMEOUT_MILLIS }, async () => {
    const { code, stderr } = await run(['--reporter', 'xml']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--reporter: .*junit.*"xml"/);
  });
});

describe.concurrent('a correct hub', () => {
  it('holds, with a balanced ledger, every stalled client evicted, and reports that match their schema', {
    timeout: TIMEOUT_MILLIS,
  }, async () => {
    const outcome = await runUntilDecided([
      ...SMALL,
      '--http-load',
      '2',
      '--threshold',
      'lost==0',
      '--threshold',
      'evicted{cohort=stall}.rate==100%',
    ]);
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    expect(outcome.stdout).toMatch(/^PASSED/);
    const result = outcome.result();
    expect(result).toMatchObject({
      verdict: 'passed',
      partial: false,
      findings: [],
      ledger: { balanced: true, lost: 0 },
    });
    expect(result.cohorts.map(({ name, evicted }) => [name, evicted])).toEqual([
      ['fast', 0],
      ['stall', 4],
    ]);
    expect(result.http.map(({ path, unexpectedStatuses }) => [path, unexpectedStatuses])).toEqual([
      ['/healthz', 0],
      ['/ws', 0],
      ['/broadcast', 0],
    ]);
    const schema = JSON.parse(
      readFileSync(new URL('../load/schemas/loadtest.schema.json', import.meta.url), 'utf8'),
    ) as object;
    const validate = new Ajv2020({ strict: true, allErrors: true, strictRequired: false }).compile(schema);
    expect([validate(result), validate.errors]).toEqual([true, null]);
    expect(readFileSync(join(outcome.output, 'loadtest.md'), 'utf8')).toContain('| stall |');
  });

  it('takes a plan file, which the command line overrides', { timeout: TIMEOUT_MILLIS }, async () => {
    const plan = join(folder, 'plan.yaml');
    writeFileSync(
      plan,
      'clients: 7\nduration: 1s\nwarmup: 100ms\nscenario: [function-burst]\nspeed: 20x\nseed: 5\n',
    );
    const outcome = await runUntilDecided([plan, '--seed', '9', '--quiet']);
    expect(outcome.code).toBe(0);
    expect(outcome.result()).toMatchObject({
      seed: 9,
      plan: { scenarios: ['function-burst'], cohorts: [{ name: 'fast', clients: 7 }] },
    });
  });
});

describe.concurrent('a run that waits, and cannot pass', () => {
  it('begins with the file, and ends early as failed', { timeout: TIMEOUT_MILLIS }, async () => {
    const plan = join(folder, 'staged.yaml');
    const go = join(folder, 'go');
    const stages = 'clients: 5\nstages: ["1s:9, 1m:9"]\nrate: "0s:40, 1m:40"\n';
    const limit = 'threshold: ["latency{cohort=fast}[1s].p50<0.001ms"]\nabort-on-breach: 1s\n';
    writeFileSync(plan, `${stages}warmup: 100ms\n${limit}`);
    const running = runUntilDecided([plan, '--start-when', go, '--quiet']);
    setTimeout(() => writeFileSync(go, ''), 1_000);
    const outcome = await running;
    expect(outcome.code).toBe(1);
    const result = outcome.result();
    expect(result).toMatchObject({
      verdict: 'failed',
      partial: true,
      stoppedBecause: expect.stringContaining('latency{cohort=fast}[1s].p50<0.001ms can no longer hold'),
      thresholds: [{ ok: false, isDecided: true }],
      plan: {
        durationMs: 61_000,
        rateStages: '0s:40, 1m:40',
        cohorts: [{ clients: 5, stages: '1s:9, 1m:9' }],
      },
    });
    expect(result.durationMs).toBeLessThan(60_000);
  });

  it('does not begin without its file: exit 3, one line', { timeout: TIMEOUT_MILLIS }, async () => {
    const missing = join(folder, 'missing');
    const outcome = await run(['--start-when', missing, '--start-deadline', '200ms', '--quiet']);
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toContain(
      `--start-when: waited 200 ms for the file ${missing}, which did not come`,
    );
  });
});

describe.concurrent('a hub that cannot be loaded', () => {
  it('dies in the middle: exit 3, a partial report', { timeout: TIMEOUT_MILLIS }, async () => {
    const outcome = await run([
      '--spawn',
      `${process.execPath} ${DEFECT} dies-in-the-middle`,
      '--clients',
      '20',
      '--rate',
      '200',
      '--duration',
      '20s',
      '--quiet',
    ]);
    expect(outcome.code).toBe(3);
    expect(outcome.result()).toMatchObject({
      verdict: 'failed',
      hasTargetFailed: true,
      partial: true,
      stoppedBecause: expect.stringMatching(/exited|stopped taking broadcasts/),
    });
  });

  it('is not there: exit 3, one line', { timeout: TIMEOUT_MILLIS }, async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    const outcome = await run([`ws://127.0.0.1:${port}/ws`]);
    expect([outcome.code, outcome.stderr.split('\n').length]).toEqual([3, 2]);
    expect(outcome.stderr).toContain('nothing listens');
  });
});

const PACKAGE = new URL('../../package.json', import.meta.url).pathname;

describe.concurrent('bad input is one line, exit 2, and nothing starts', () => {
  it.each([
    [['--cohort', 'x=5:stal'], 'did you mean stall?'],
    [['--threshold', 'latancy{cohort=fast}.p99<5ms'], 'did you mean latency?'],
    [['--scenario', 'relese-day'], 'did you mean release-day?'],
    [['--duration', '5x'], '--duration: "5x" is not a duration'],
    [['--clients', '0'], '--clients: expected a whole number'],
    [['--client', '5'], 'did you mean --clients?'],
    [['--rate', '0'], '--rate: expected a rate above 0, got "0"'],
    [['ws://192.0.2.1/ws'], 'loopback only'],
    [['--out', 'otlp=http://192.0.2.1:4318'], '--out: 192.0.2.1 is not this machine'],
    [['dcotor'], 'did you mean doctor?'],
    [['missing.yaml'], 'no such file'],
    [['--ui', '18777'], 'did you mean --ui=18777?'],
    [['127.0.0.1:8800/ws'], 'did you mean ws://127.0.0.1:8800/ws?'],
    [['http://127.0.0.1:8800/ws'], "the URL 'http://127.0.0.1:8800/ws' is not a ws:// or wss:// URL"],
    [['--rate', '5', '--speed', '2x'], '--speed: has no effect with --rate'],
    [['--rate', '5s:50, 1m'], '--rate: "1m" is not DURATION:TARGET, as in 30s:50, 1m:200'],
    [['--stages', 'fats=5s:50', '--clients', '5'], '--stages: no cohort "fats"; did you mean fast?'],
    [['find', '--stages', '5s:50'], '--stages: each step of a search holds its level'],
    [['--threshold', 'lost[10s]==0'], '--threshold: "lost[10s]==0": lost is known for the whole run only'],
    [['--start-at', '2020-01-01T00:00:00Z'], '--start-at: 2020-01-01T00:00:00Z was'],
    [['--start-deadline', '5s'], '--start-deadline: has no effect without --start-when'],
    [['report', PACKAGE], 'not a loadtest.json: it has no schemaVersion'],
    [['--clients', '500000'], 'descriptors'],
    [['--cohort', 'a=1', '--cohort', 'a=2'], 'two cohorts are called a'],
    [['ws://127.0.0.1:9/ws', 'ws://127.0.0.1:9/ws'], 'ws://127.0.0.1:9/ws is there twice'],
    [['ws://127.0.0.1:9/ws', 'ws://192.0.2.1/ws'], 'loopback only'],
    [['find', 'ws://127.0.0.1:9/ws', 'ws://127.0.0.1:8/ws'], 'ws://127.0.0.1:8/ws: unexpected argument'],
  ])('%j', { timeout: TIMEOUT_MILLIS }, async (args, problem) => {
    const outcome = await run(args);
    expect([outcome.code, outcome.stderr.trim().split('\n').length]).toEqual([2, 1]);
    expect(outcome.stderr).toContain(problem);
    expect(existsSync(outcome.output)).toBe(false);
  });

  it('names file, line and rule of a bad scenario and a bad plan', { timeout: TIMEOUT_MILLIS }, async () => {
    const scenario = join(folder, 'bad.yaml');
    writeFileSync(scenario, 'name: x\ndescription: y\nevery: 1s\nsteps:\n  - pause: soon\n');
    expect((await run(['--scenario', scenario])).stderr).toContain(`${scenario}:5:12: "pause"`);
    const plan = join(folder, 'bad-plan.yaml');
    writeFileSync(plan, 'clients: 5\ndurration: 5s\n');
    expect((await run([plan])).stderr).toContain(
      `${plan}:2:12: unknown field "durration"; did you mean "duration"?`,
    );
  });

  it('obeys the environment below the flags', { timeout: TIMEOUT_MILLIS }, async () => {
    expect((await run([], { NORN_COHORT: 'x=1:stal' })).stderr).toContain('did you mean stall?');
  });
});

describe.concurrent('an interrupted run', () => {
  it('reports what was measured, marked partial, exits 130 and leaves no process', {
    timeout: TIMEOUT_MILLIS,
  }, async ({ expect }) => {
    const output = join(folder, 'interrupted');
    const child = spawn(
      process.execPath,
      [PROGRAM, '--clients', '20', '--duration', '5m', '--warmup', '100ms', '--output', output],
      { env: { ...process.env, CI: 'true' } },
    );
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (chunk: Buffer) => {
        if (chunk.includes('steady')) resolve();
      });
    });
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
    expect(children.length).toBe(2);
    child.kill('SIGINT');
    expect(await exited).toBe(130);
    expect(JSON.parse(readFileSync(join(output, 'loadtest.json'), 'utf8'))).toMatchObject({
      partial: true,
      stoppedBecause: 'interrupted',
      verdict: 'inconclusive',
    });
    await expect.poll(() => children.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  });
});
