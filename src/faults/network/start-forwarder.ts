// The coordinator's side of a forwarder: starts its process, and changes the conditions of its network.
import { type ChildProcess, fork } from 'node:child_process';
import type { NetConnectOpts } from 'node:net';
import type { MeasuredHealth } from '../../kit/process-health.ts';
import { programFile } from '../../target/spawn/program-file.ts';
import type { Clock } from '../../time/clock.ts';
import { withDeadline } from '../../time/deadline.ts';
import { findReachable } from '../../wire/address/reachable-addresses.ts';
import { addressOf } from '../../wire/hub-address.ts';
import { foldConditions, type NetworkFault } from './conditions.ts';
import type { FromForwarder, ToForwarder } from './forwarder-messages.ts';

export interface HubNetwork {
  /** On 127.0.0.1: where clients connect. */
  readonly port: number;
  /** Resolves when the network is so, with what ends it again. */
  begin(fault: NetworkFault): Promise<() => Promise<void>>;
  /** The hub is there from now on. */
  forwardTo(url: string): Promise<void>;
  /** Its health counts from now on. */
  measure(): void;
  health(): Promise<MeasuredHealth | undefined>;
  /** Resolves with a sentence when it ends by itself. */
  readonly died: Promise<string>;
  close(): void;
}

const START_DEADLINE_MILLIS = 30_000;
const ANSWER_DEADLINE_MILLIS = 5_000;

export async function startForwarder(url: string, clock: Clock): Promise<HubNetwork> {
  const child = fork(programFile(new URL('./forwarder-process.ts', import.meta.url)), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(`the forwarder could not be started: ${message}`));
    child.once('exit', (code, signal) =>
      resolve(`the forwarder ended by itself (${signal ?? `exit ${code}`})`),
    );
  });
  try {
    const port = await withDeadline(
      clock,
      Promise.race([portOf(child), ended.then((sentence) => Promise.reject(new Error(sentence)))]),
      START_DEADLINE_MILLIS,
      'port of the forwarder',
    );
    const network = createNetwork(child, port, ended, clock);
    await network.forwardTo(url);
    return network;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** Resolved once, not for each connection. */
async function upstreamOf(url: string): Promise<NetConnectOpts> {
  const address = addressOf(url);
  if (address.socketPath !== undefined) return { path: address.socketPath };
  const { answering } = await findReachable(address.host, address.port);
  return { host: answering[0].address, port: address.port };
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: FromForwarder) => {
      if (message.kind === 'listening') resolve(message.port);
      else
        reject(
          new Error(`the forwarder cannot listen${message.kind === 'failed' ? `: ${message.problem}` : ''}`),
        );
    });
  });
}

function createNetwork(child: ChildProcess, port: number, died: Promise<string>, clock: Clock): HubNetwork {
  const active = new Set<NetworkFault>();
  const waiting = new Map<number, (health: MeasuredHealth | undefined) => void>();
  let lastNumber = 0;
  child.on('message', (message: FromForwarder) => {
    if (message.kind !== 'done') return;
    waiting.get(message.number)?.(message.health);
    waiting.delete(message.number);
  });

  function post(message: ToForwarder): void {
    if (child.connected) child.send(message, () => {});
  }

  /** A forwarder that is gone is reported by `died`. */
  async function ask(message: (number: number) => ToForwarder): Promise<MeasuredHealth | undefined> {
    const number = ++lastNumber;
    const answered = new Promise<MeasuredHealth | undefined>((resolve) => waiting.set(number, resolve));
    post(message(number));
    const answer = Promise.race([answered, died.then(() => undefined)]);
    return withDeadline(clock, answer, ANSWER_DEADLINE_MILLIS, 'answer').catch(() => undefined);
  }

  const change = () =>
    ask((number) => ({ kind: 'change', number, conditions: foldConditions(active) })).then(() => {});
  return {
    port,
    died,
    async forwardTo(url) {
      post({ kind: 'forward', upstream: await upstreamOf(url) });
    },
    measure: () => post({ kind: 'measure' }),
    async begin(fault) {
      active.add(fault);
      await change();
      return () => {
        active.delete(fault);
        return change();
      };
    },
    health: () => ask((number) => ({ kind: 'read-health', number })),
    close: () => void child.kill('SIGKILL'),
  };
}
