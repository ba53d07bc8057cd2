// A hub as a child process: started in a group of its own, its output read line by line, ended with everything it
// started in turn. It knows nothing of how the hub is made to broadcast.
import { spawn } from 'node:child_process';
import { systemClock } from '../../time/clock.ts';
import { pause, untilSettled } from '../../time/deadline.ts';
import { createSpawnId, listTree, SPAWN_ID_VARIABLE, type SpawnedTree } from '../process-tree/descendants.ts';
import { killTreeOnExit, signalTree } from '../process-tree/kill-on-exit.ts';
import { createLineSplitter, LastLines } from './output-lines.ts';

export interface HubCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** As the user wrote it, for messages. */
  readonly text: string;
}

export interface ProcessEnd {
  readonly exitCode: number | null;
  /** The signal that ended it; null where it exited. */
  readonly signal: NodeJS.Signals | null;
  /** How it ended, to follow the name of the hub: `exited with code 1`. */
  readonly how: string;
  /** What it had started and could not be ended, such as a process of another user: `4711 (worker)`. */
  readonly left: readonly string[];
}

export interface HubProcess {
  /** The group's leader; undefined when the command could not be started. */
  readonly pid: number | undefined;
  /** Resolves when the process and all it started are gone. */
  readonly ended: Promise<ProcessEnd>;
  readonly hasEnded: boolean;
  /** Each line of its stdout goes to the one listener first; what that does not take (false) is log, kept for `lastWords`. */
  listen(takeLine: (line: string) => boolean): void;
  /** One line to its stdin. A process that no longer reads causes no error here: `ended` reports it. */
  writeLine(text: string): void;
  signal(signal: NodeJS.Signals): void;
  /** Its own process id and those of all that it started and that live. */
  listPids(): readonly number[];
  /** The next end is intended: processes that outlive the one that was started get `graceMillis` to finish. */
  expectEnd(graceMillis: number): void;
  /** What it printed last, as the end of a sentence; empty when it printed nothing. */
  lastWords(): string;
}

const OUTPUT_CLOSE_MILLIS = 500;
const TREE_POLL_MILLIS = 20;
/** From SIGKILL to the end of everything, also where a process starts others meanwhile. */
const KILL_MILLIS = 2_000;

export function startHubProcess(command: HubCommand): HubProcess {
  const spawnId = createSpawnId();
  const child = spawn(command.file, command.args, {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    // A hub that obeys it ends with its stdin, and so with the kit, even after SIGKILL.
    env: { ...process.env, NORN_EXIT_WITH_STDIN: '1', [SPAWN_ID_VARIABLE]: spawnId },
  });
  const { pid } = child;
  const tree = pid === undefined ? undefined : { rootPid: pid, spawnId };
  const forget = tree === undefined ? () => {} : killTreeOnExit(tree);
  const stdoutTail = new LastLines(3);
  const stderrTail = new LastLines();
  let takeLine: (line: string) => boolean = () => false;
  let graceMillis = 0;
  let hasEnded = false;

  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<Omit<ProcessEnd, 'left'>>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve({ exitCode: code, signal, how: describeExit(code, signal) }),
    );
    child.once('error', (error) => {
      if (pid === undefined) resolve({ exitCode: null, signal: null, how: describeStartError(error) });
    });
  });
  child.stdout.on(
    'data',
    createLineSplitter((line) => {
      if (!takeLine(line)) stdoutTail.add(line);
    }),
  );
  child.stderr.on(
    'data',
    createLineSplitter((line) => stderrTail.add(line)),
  );
  // A broken pipe only shows that the process has ended, which `ended` reports with the reason.
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => {});

  async function end(): Promise<ProcessEnd> {
    const exit = await exited;
    const left = tree === undefined ? [] : await endTree(tree, graceMillis);
    // The last lines may still be in the pipes.
    await untilSettled(systemClock, closed, OUTPUT_CLOSE_MILLIS);
    forget();
    hasEnded = true;
    return { ...exit, left };
  }

  return {
    pid,
    ended: end(),
    get hasEnded() {
      return hasEnded;
    },
    listen(listener) {
      takeLine = listener;
    },
    writeLine(text) {
      if (child.stdin.writable) child.stdin.write(`${text}\n`);
    },
    signal(signal) {
      if (tree !== undefined && !hasEnded) signalTree(tree, signal);
    },
    listPids: () => (tree === undefined ? [] : [tree.rootPid, ...listTree(tree).map((each) => each.pid)]),
    expectEnd(millis) {
      graceMillis = millis;
    },
    lastWords() {
      const stdout = stdoutTail.quote();
      const stderr = stderrTail.quote();
      return `${stdout ? `; it printed: ${stdout}` : ''}${stderr ? `; its stderr ended with: ${stderr}` : ''}`;
    },
  };
}

// A shell or package runner may end on SIGTERM before the hub behind it has closed its connections.
async function endTree(tree: SpawnedTree, graceMillis: number): Promise<readonly string[]> {
  await untilTreeEnds(tree, graceMillis, () => {});
  signalTree(tree, 'SIGKILL');
  await untilTreeEnds(tree, KILL_MILLIS, () => signalTree(tree, 'SIGKILL'));
  return listTree(tree).map(({ pid, name }) => `${pid} (${name})`);
}

async function untilTreeEnds(tree: SpawnedTree, millis: number, act: () => void): Promise<void> {
  const untilMicros = systemClock.nowMicros() + millis * 1_000;
  while (listTree(tree).length > 0 && systemClock.nowMicros() < untilMicros) {
    act();
    await pause(systemClock, TREE_POLL_MILLIS);
  }
}

function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `was ended by ${signal}`;
  return code === 127 ? 'exited with code 127 (the shell found no such command)' : `exited with code ${code}`;
}

export function describeStartError(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return 'could not be started: command not found';
  if (error.code === 'EACCES') return 'could not be started: the file is not executable';
  return `could not be started: ${error.message}`;
}
