// A load test between hosts of a network: hubs on one, an agent on each of several others, nats-server and coordinator in the middle.
// With several hubs a relay gives each event to all of them, as one process has descriptors for some 20,000 clients only.
import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoadtestResult } from '../../load/result/result.ts';
import { programFile } from '../../target/spawn/program-file.ts';
import { NATS_ENVIRONMENT } from '../nats-server.ts';
import { MIDDLE, type Network, openNetwork } from './network.ts';

const LOADTEST = programFile(new URL('../../cli/loadtest.ts', import.meta.url));
const HUB = programFile(new URL('../../cli/hub.ts', import.meta.url));
const RELAY = fileURLToPath(new URL('../../../examples/replicas/relay.mjs', import.meta.url));
const TOKEN = 'between-namespaces';
const [NATS_PORT, RELAY_PORT, FIRST_HUB_PORT] = [4222, 8700, 8800];
const START_DEADLINE_MILLIS = 40_000;

export interface HostsLoad {
  readonly network: Network;
  /** One load test from the middle; `args` go to norn-loadtest. Without agents its clients are in the middle, too. */
  load(args: readonly string[], options: { readonly withAgents: boolean }): Promise<LoadedHosts>;
  close(): void;
}

interface LoadedHosts {
  readonly code: number;
  readonly text: string;
  readonly result: LoadtestResult;
}

export interface Hosts {
  readonly agents: readonly string[];
  readonly hubs: number;
  /** The monotonic clock of each agent is another one, as on machines that were started at other times. Needs `unshare`. */
  readonly haveOwnClocks?: boolean;
}

/** Why agents cannot have clocks of their own here; undefined where they can. */
export function whyNoOwnClocks(): string | undefined {
  const { error, status } = spawnSync('unshare', [...ownClock(1), 'true']);
  return error || status !== 0 ? 'time namespaces are not allowed here' : undefined;
}

const ownClock = (seconds: number) => ['--time', '--monotonic', `${seconds}`, '--fork', '--kill-child'];

export async function openHosts({ agents, hubs, haveOwnClocks = false }: Hosts): Promise<HostsLoad> {
  const network = openNetwork(['hub', ...agents]);
  const folder = mkdtempSync(join(tmpdir(), 'norn-hosts-'));
  const ports = Array.from({ length: hubs }, (_, at) => FIRST_HUB_PORT + at);
  const at = network.addressOf('hub');
  const urls = ports.map((port) => `ws://${at}:${port}/ws`);
  const broadcastUrls = ports.map((port) => `http://${at}:${port}/broadcast`);
  const nats = `${network.addressOf(MIDDLE)}:${NATS_PORT}`;

  function close(): void {
    network.close();
    rmSync(folder, { recursive: true, force: true });
  }

  async function start(): Promise<void> {
    const node = (host: string, args: readonly string[]) =>
      network.spawn(host, process.execPath, args, { env: NATS_ENVIRONMENT });
    const server = ['-a', network.addressOf(MIDDLE), '-p', `${NATS_PORT}`];
    const started = [
      printed(network.spawn(MIDDLE, 'nats-server', server, { env: NATS_ENVIRONMENT }), 'Server is ready'),
      ...ports.map((port) =>
        printed(
          node('hub', [HUB, '--host', at, '--port', `${port}`, '--broadcast-token', TOKEN]),
          '"ready":true',
        ),
      ),
    ];
    if (hubs > 1)
      started.push(printed(node(MIDDLE, [RELAY, '--port', `${RELAY_PORT}`, ...broadcastUrls]), 'relaying'));
    await Promise.all(started);
    const startAgent = (name: string, at: number) => {
      const args = [LOADTEST, 'agent', '--nats', `nats://${nats}`, '--name', name];
      if (!haveOwnClocks) return node(name, args);
      const all = [...ownClock(1_000 * (at + 1)), process.execPath, ...args];
      return network.spawn(name, 'unshare', all, { env: NATS_ENVIRONMENT });
    };
    await Promise.all(agents.map((name, at) => printed(startAgent(name, at), 'waits in pool')));
  }

  const route = hubs > 1 ? `http://127.0.0.1:${RELAY_PORT}/broadcast` : (broadcastUrls[0] as string);
  const common = [
    ...[...urls, '--allow-remote-target', '--broadcast-url', route, '--no-progress'],
    ...['--broadcast-header', `Authorization: Bearer ${TOKEN}`],
  ];
  let runs = 0;

  async function load(args: readonly string[], { withAgents }: { readonly withAgents: boolean }) {
    const output = join(folder, `${runs++}`);
    const machines = withAgents ? ['--agents', `${agents.length}`, '--nats', `nats://${nats}`] : [];
    const all = [LOADTEST, ...common, ...machines, '--output', output, ...args];
    const child = network.spawn(MIDDLE, process.execPath, all, { env: NATS_ENVIRONMENT });
    const text = collect(child);
    const [code] = (await once(child, 'exit')) as [number | null];
    const file = join(output, 'loadtest.json');
    if (!existsSync(file)) throw new Error(`exit ${code}: ${text()}`);
    const result = JSON.parse(readFileSync(file, 'utf8')) as LoadtestResult;
    return { code: code ?? -1, text: text(), result };
  }

  try {
    await start();
  } catch (error) {
    close();
    throw error;
  }
  return { network, load, close };
}

function collect({ stdout, stderr }: ChildProcess): () => string {
  let text = '';
  for (const stream of [stdout, stderr])
    stream?.on('data', (data: Buffer) => {
      text += data;
    });
  return () => text;
}

/** Resolves once the program has printed this; rejects when it ends before, or after a while. */
function printed(child: ChildProcess, wanted: string): Promise<void> {
  const text = collect(child);
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${why} without "${wanted}": ${text()}`));
    const signal = AbortSignal.timeout(START_DEADLINE_MILLIS);
    signal.addEventListener('abort', () => fail('a program runs'));
    child.once('exit', (code) => fail(`a program ended with ${code}`));
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', () => {
        if (text().includes(wanted)) resolve();
      });
  });
}
