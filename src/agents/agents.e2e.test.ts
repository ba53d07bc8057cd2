// Load from several agents over a real nats-server: the counts of one machine; and what becomes of a run whose agents are killed,
// stopped, cut off, ended or without CPU time, or whose nats-server is restarted.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadHub } from '../index.ts';
import type { FindResult } from '../load/find/find-result.ts';
import type { LoadtestResult } from '../load/result/result.ts';
import { programFile } from '../target/spawn/program-file.ts';
import { untilDecided } from '../testing/defect-tests/until-decided.ts';
import {
  NATS_ENVIRONMENT as environment,
  freePort,
  isNatsMissing as isMissing,
  startNatsServer,
} from '../testing/nats-server.ts';
import { systemClock } from '../time/clock.ts';
import { pause } from '../time/deadline.ts';

const LOADTEST = programFile(new URL('../cli/loadtest.ts', import.meta.url));
const TIMEOUT_MILLIS = 180_000;
const folder = mkdtempSync(join(tmpdir(), 'norn-agents-'));
let port = 0;
const brokers = new Set<ChildProcess>();
const relays = new Set<Server>();
const agents = new Map<string, { readonly process: ChildProcess; text: string }>();

async function startBroker(port: number, config?: string): Promise<ChildProcess> {
  const broker = await startNatsServer(port, config);
  brokers.add(broker);
  return broker;
}

/** Resolves once it waits for a run: on a busy machine programs take seconds to start, and coordinators look for agents for 15 s. */
function startAgent(name: string, pool: string, at = port): Promise<void> {
  const args = ['agent', '--nats', `nats://127.0.0.1:${at}`, '--name', name, '--pool', pool];
  const child = spawn(process.execPath, [LOADTEST, ...args], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const agent = { process: child, text: '' };
  // Of an earlier attempt.
  agents.get(name)?.process.kill('SIGKILL');
  agents.set(name, agent);
  return new Promise((resolve, reject) => {
    child.stderr.on('data', (data: Buffer) => {
      agent.text += data;
      if (agent.text.includes('waits in pool')) resolve();
    });
    child.once('exit', () => reject(new Error(`the agent ended: ${agent.text}`)));
  });
}

async function startAgents(pool: string, names: readonly string[], at = port): Promise<void> {
  await Promise.all(names.map((name) => startAgent(name, pool, at)));
}

interface Load {
  readonly child: ChildProcess;
  readonly done: Promise<{ readonly code: number; readonly text: string; readonly result: LoadtestResult }>;
}

function load(name: string, args: readonly string[]): Load {
  const output = join(folder, name);
  const all = ['--warmup', '300ms', '--rate', '50', '--no-progress', '--output', output, ...args];
  const child = spawn(process.execPath, [LOADTEST, ...all], { env: environment });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      text += data;
    });
  const done = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1))).then(
    (code) => {
      if (!existsSync(join(output, 'loadtest.json'))) throw new Error(`exit ${code}: ${text}`);
      const json = readFileSync(join(output, 'loadtest.json'), 'utf8');
      return { code, text, result: JSON.parse(json) as LoadtestResult };
    },
  );
  return { child, done };
}

const overAgents = (pool: string, count: number, at = port) =>
  ['--agents', `${count}`, '--nats', `nats://127.0.0.1:${at}`, '--pool', pool, '--workers', '1'] as const;

/** A program that needs no plan of `load`. */
function complete(args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  const child = spawn(process.execPath, [LOADTEST, ...args], { env: environment });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      text += data;
    });
  // Later than `exit`: all of its text is here.
  return new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, text })));
}

/** A way to the nats-server that can be cut. */
async function startRelay(to: number): Promise<{ readonly port: number; cut(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const beyond = connect(to, '127.0.0.1');
    for (const [one, other] of [
      [socket, beyond],
      [beyond, socket],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy()).pipe(other);
    }
  });
  relays.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    cut() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The first worker process of an agent. */
function workerOf(name: string): number {
  const pid = agents.get(name)?.process.pid;
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);
}

/** Resolves once the program has printed this. */
function printed({ child, done }: Load, wanted: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (data: Buffer) => {
      text += data;
      if (text.includes(wanted)) resolve();
    });
    void done.then(() => reject(new Error(`the run ended without "${wanted}": ${text}`)), reject);
  });
}

beforeAll(async () => {
  if (isMissing) return;
  port = await freePort();
  await startBroker(port);
});
afterAll(() => {
  for (const { process } of agents.values()) process.kill('SIGKILL');
  for (const broker of brokers) broker.kill('SIGKILL');
  for (const relay of relays) relay.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(isMissing)(`agents over NATS${isMissing ? ' (skipped: needs nats-server)' : ''}`, () => {
  it('count what one machine counts', { timeout: TIMEOUT_MILLIS }, async () => {
    await startAgents('three', ['a', 'b', 'c']);
    // Whoever is late for an event of the warm-up is owed later ones only.
    const plan = ['--duration', '2s', '--clients', '200', '--cohort', 'more=100', '--threshold', 'lost==0'];
    const { text, result } = await load('three', [...plan, ...overAgents('three', 3)]).done;
    expect(text).toContain('clients run on a, b, c');
    expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(result.verdict).not.toBe('failed');
    expect(result.ledger).toMatchObject({ lost: 0, balanced: true });
    expect(result.ledger.received).toBe(300 * result.ledger.published);
    expect(result.agents?.map(({ name, clients, received }) => [name, clients, received])).toEqual(
      ['a', 'b', 'c'].map((name) => [name, expect.any(Number), expect.any(Number)]),
    );
    const sum = (read: (agent: NonNullable<LoadtestResult['agents']>[number]) => number) =>
      (result.agents ?? []).reduce((total, agent) => total + read(agent), 0);
    expect(sum(({ clients }) => clients)).toBe(300);
    expect(sum(({ received }) => received)).toBe(result.ledger.received);
    expect(result.cohorts.map(({ name, clients, connected }) => [name, clients, connected])).toEqual([
      ['fast', 200, 200],
      ['more', 100, 100],
    ]);
    for (const agent of result.agents ?? []) expect(agent.clockContradictions).toBeUndefined();
    expect(result.phases?.map(({ name }) => name)).toEqual(['connect', 'warm-up', 'arm', 'steady', 'drain']);
    expect(result.startSpreadMicros).toBeGreaterThan(0);
    expect(text).toMatch(/began to measure within [\d.]+ (µs|ms|s) of each other/);
    expect(text).toMatch(/agent +host +workers/);
  });

  it.concurrent('that are killed, stopped and cut off leave the rest to the others, and the run does not pass', {
    timeout: TIMEOUT_MILLIS,
  }, async ({ expect }) => {
    const relay = await startRelay(port);
    await Promise.all([
      startAgents('lost', ['stays', 'killed', 'stopped']),
      startAgents('lost', ['cut'], relay.port),
    ]);
    const plan = ['--clients', '20', '--cohort', 'late=8:stall(after=2)', '--duration', '2s'];
    const run = load('lost', [...plan, '--lost-agent', 'continue', ...overAgents('lost', 4)]);
    await printed(run, 'baseline');
    agents.get('killed')?.process.kill('SIGKILL');
    agents.get('stopped')?.process.kill('SIGSTOP');
    relay.cut();
    const { code, text, result } = await run.done;
    expect([code, result.verdict, result.partial]).toEqual([4, 'inconclusive', false]);
    for (const name of ['killed', 'stopped', 'cut'])
      expect(text).toContain(`agent ${name} is lost: nothing was heard of it for 5 s`);
    const { ledger, agents: machines = [], cohorts } = result;
    expect(ledger).toMatchObject({ lost: 0, balanced: true });
    expect(machines.map(({ name, clients, unaccounted = 0 }) => [name, clients, unaccounted > 0])).toEqual([
      ['cut', 7, true],
      ['killed', 7, true],
      ['stays', 7, false],
      ['stopped', 7, true],
    ]);
    expect(cohorts.map(({ unaccountedClients }) => unaccountedClients)).toEqual([15, 6]);
    expect(cohorts.reduce((sum, { unaccounted = 0 }) => sum + unaccounted, 0)).toBe(ledger.unaccounted);
    expect(agents.get('stays')?.text).toContain('free again');
    const cut = 'over (no coordinator for 10 s); free again';
    await vi.waitFor(() => expect(agents.get('cut')?.text).toContain(cut), { timeout: 60_000 });
  });

  it.concurrent('publish in turn, and one that is killed while it publishes leaves the account whole', {
    timeout: TIMEOUT_MILLIS,
  }, async ({ expect }) => {
    async function attempt(): Promise<LoadtestResult> {
      await startAgents('turns', ['t1', 't2', 't3']);
      const args = ['--clients', '30', '--duration', '9s', '--publish-from', 'agents'];
      const run = load('turns', [...args, '--lost-agent', 'continue', ...overAgents('turns', 3)]);
      await printed(run, 'steady');
      // The first second is its own.
      agents.get('t1')?.process.kill('SIGKILL');
      const { code, text, result } = await run.done;
      expect(text).toContain('agent t1 is lost: nothing was heard of it for 5 s');
      expect([code, result.verdict, result.partial]).toEqual([4, 'inconclusive', false]);
      return result;
    }
    // On a busy machine it may be another one's turn before it is killed.
    const result = await untilDecided(attempt, ({ publishing }) => publishing?.unanswered === 0);
    const { ledger, publishing, findings } = result;
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(ledger).toMatchObject({ lost: 0, balanced: true });
    // Of 50 a second.
    expect(publishing?.unanswered).toBeGreaterThan(0);
    expect(publishing?.unanswered).toBeLessThanOrEqual(51);
    const published = (result.agents ?? []).map(({ publishedEvents = 0 }) => publishedEvents);
    expect(published.slice(1).some((events) => events > 0)).toBe(true);
    expect(published.reduce((sum, events) => sum + events, 0)).toBe(publishing?.byAgents);
    const bounds = result.cohorts[0]?.latencyBoundsMicros;
    expect(bounds?.own?.count).toBeGreaterThan(0);
    expect(bounds?.own?.count).toBe(bounds?.upper.count);
  });

  it.concurrent('one of which gets Ctrl-C end the run as inconclusive at once, with what came in', {
    timeout: TIMEOUT_MILLIS,
  }, async ({ expect }) => {
    await startAgents('left', ['l1', 'l2']);
    const run = load('left', ['--clients', '20', '--duration', '1m', ...overAgents('left', 2)]);
    await printed(run, 'steady');
    agents.get('l2')?.process.kill('SIGINT');
    const { code, text, result } = await run.done;
    expect([code, result.partial]).toEqual([4, true]);
    expect(text).toContain('agent l2 is lost: it left the run (ended by SIGINT)');
    expect(result.findings.map(({ name }) => name)).toContain('agent-lost');
    expect(result.agents?.map(({ name, clients, unaccounted }) => [name, clients, unaccounted])).toEqual([
      ['l1', 10, undefined],
      ['l2', 10, result.ledger.unaccounted],
    ]);
    expect(result.ledger.lost).toBe(0);
    expect(agents.get('l1')?.text).toContain('free again');
  });

  it.skipIf(process.platform !== 'linux').concurrent(
    'of which one lacks CPU time decide nothing, and name it',
    {
      timeout: TIMEOUT_MILLIS,
    },
    async ({ expect }) => {
      await startAgents('starved', ['s1', 's2']);
      const run = load('starved', ['--clients', '20', '--duration', '2s', ...overAgents('starved', 2)]);
      await printed(run, 'arm');
      const worker = workerOf('s2');
      process.kill(worker, 'SIGSTOP');
      await pause(systemClock, 1_500);
      process.kill(worker, 'SIGCONT');
      const { code, result } = await run.done;
      expect([code, result.verdict]).toEqual([4, 'inconclusive']);
      expect(result.generator.reasons.join('; ')).toMatch(
        /worker 1 of agent s2 was stopped, or got no CPU time, for [\d.]+ s at a stretch/,
      );
      expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    },
  );

  it.concurrent('go on when the nats-server is restarted, and lose nothing', {
    timeout: TIMEOUT_MILLIS,
  }, async ({ expect }) => {
    async function attempt(): Promise<LoadtestResult> {
      const at = await freePort();
      const broker = await startBroker(at);
      await startAgents('restarted', ['r1', 'r2'], at);
      const args = ['--clients', '20', '--duration', '5s', ...overAgents('restarted', 2, at)];
      const run = load('restarted', args);
      await printed(run, 'steady');
      const ended = new Promise((resolve) => broker.once('exit', resolve));
      broker.kill('SIGKILL');
      await ended;
      await startBroker(at);
      return (await run.done).result;
    }
    // On a busy machine the server may be away for more than the 5 s after which agents are lost.
    const result = await untilDecided(attempt, ({ stoppedBecause = '' }) =>
      stoppedBecause.includes('is lost'),
    );
    expect(result.stoppedBecause).toBeUndefined();
    expect(result.ledger).toMatchObject({ lost: 0, balanced: true });
    expect(result.ledger.received).toBe(20 * result.ledger.published);
  });

  it.concurrent('are free again when the user stops the run', { timeout: TIMEOUT_MILLIS }, async ({
    expect,
  }) => {
    await startAgents('interrupted', ['i']);
    const run = load('interrupted', ['--clients', '5', '--duration', '1m', ...overAgents('interrupted', 1)]);
    await printed(run, 'warm-up');
    run.child.kill('SIGINT');
    const { code, result } = await run.done;
    expect([code, result.partial]).toEqual([130, true]);
    const agent = agents.get('i');
    expect(agent?.text).toContain('over (the run is over); free again');
    const ended = new Promise((resolve) => agent?.process.once('exit', resolve));
    agent?.process.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  it.concurrent('serve one run after the other: of a search, and of the library', {
    timeout: TIMEOUT_MILLIS,
  }, async ({ expect }) => {
    await startAgents('many', ['m1', 'm2']);
    const short = ['--clients', '6', '--duration', '1s', '--warmup', '0s', '--ramp', '100', '--no-progress'];
    const output = ['--output', join(folder, 'many')];
    const over = overAgents('many', 2);
    const search = await complete([
      'find',
      '--from',
      '20',
      '--to',
      '20',
      '--budget',
      '40s',
      ...short,
      ...output,
      ...over,
    ]);
    expect(search.text).toContain('clients run on m1, m2');
    const found = JSON.parse(readFileSync(join(folder, 'many', 'find.json'), 'utf8')) as FindResult;
    expect(found.steps[0]?.p50Micros).toBeGreaterThan(0);
    const result = await loadHub({
      agents: { nats: `nats://127.0.0.1:${port}`, count: 2, pool: 'many' },
      ...{ workers: 1, clients: 6, durationMillis: 1_000, warmupMillis: 0, ratePerSecond: 20 },
    });
    expect(result.agents?.map(({ name, clients }) => [name, clients])).toEqual([
      ['m1', 3],
      ['m2', 3],
    ]);
    expect(result.ledger).toMatchObject({ lost: 0, balanced: true });
  });

  it.concurrent('end with one line where their account lacks a subject, and so does their coordinator', {
    timeout: TIMEOUT_MILLIS,
  }, async ({ expect }) => {
    const config = join(folder, 'nats.conf');
    const denied = 'permissions: { subscribe: { deny: ["norn.v1.agent.>", "norn.v1.pool"] } }';
    writeFileSync(config, `authorization { users = [{ user: u, password: p, ${denied} }] }`);
    const at = await freePort();
    await startBroker(at, config);
    for (const [args, subject, wanted] of [
      [['agent'], 'norn.v1.agent.', 3],
      [['--agents', '1', '--clients', '1', '--output', join(folder, 'denied')], 'norn.v1.pool', 4],
    ] as const) {
      const { code, text } = await complete([...args, '--nats', `nats://u:p@127.0.0.1:${at}`]);
      expect(text).toContain(`may not subscribe to ${subject}`);
      expect(text).toContain('allow it to publish and to subscribe to norn.v1.> and _INBOX.>');
      expect(code).toBe(wanted);
    }
  });

  it.concurrent('are needed: a run without them, or with half of the flags, is refused in one line', {
    timeout: TIMEOUT_MILLIS,
  }, async ({ expect }) => {
    for (const [args, line] of [
      [
        ['ab', 'reference', 'reference', '--agents', '1', '--nats', 'nats://127.0.0.1:1'],
        '--agents: no NATS server listens at 127.0.0.1:1; start one',
      ],
      [
        ['find', '--agents', '1', '--lost-agent', 'end'],
        '--lost-agent: one of several load tests says nothing',
      ],
      [['agent'], '--nats: needed: the URL of the NATS server'],
      [['agent', '--nats', 'nats://127.0.0.1:1'], 'no NATS server listens at 127.0.0.1:1; start one'],
    ] as const) {
      const { text } = await complete(args);
      expect(text).toContain(line);
    }
  });
});
