// A hub as a child process: started in a group of its own, its output read line by line, ended with everything it
// started in turn. It knows nothing of how the hub is made to broadcast.
import { spawn } from 'node:child_process';
import { systemClock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { listProcessGroup } from '../process-facts.ts';
import { killGroupOnExit, signalGroup } from './kill-on-exit.ts';
import { createLineSplitter, LastLines } from './output-lines.ts';

export interface HubCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** As the user wrote it, for messages. */
  readonly text: string;
}

export interface ProcessEnd {
  readonly exitCode: number | null;
  /** How it ended, to follow the name of the hub: `exited with code 1`. */
  readonly how: string;
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
  /** The next end is intended: processes of the group that outlive their leader get `graceMillis` to finish. */
  expectEnd(graceMillis: number): void;
  /** What it printed last, as the end of a sentence; empty when it printed nothing. */
  lastWords(): string;
}

const OUTPUT_CLOSE_MILLIS = 500;
const GROUP_POLL_MILLIS = 20;

export function startHubProcess(command: HubCommand): HubProcess {
  const child = spawn(command.file, command.args, {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    // A hub that obeys it ends with its stdin, and so with the kit, even after SIGKILL.
    env: { ...process.env, NORN_EXIT_WITH_STDIN: '1' },
  });
  const { pid } = child;
  const forget = pid === undefined ? () => {} : killGroupOnExit(pid);
  const stdoutTail = new LastLines(3);
  const stderrTail = new LastLines();
  let takeLine: (line: string) => boolean = () => false;
  let graceMillis = 0;
  let hasEnded = false;

  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve({ exitCode: code, how: describeExit(code, signal) }));
    child.once('error', (error) => {
      if (pid === undefined) resolve({ exitCode: null, how: describeStartError(error) });
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
    const how = await exited;
    if (pid !== undefined) {
      await waitForGroup(pid, graceMillis);
      signalGroup(pid, 'SIGKILL');
    }
    // The last lines may still be in the pipes.
    await Promise.race([closed, pause(systemClock, OUTPUT_CLOSE_MILLIS)]);
    forget();
    hasEnded = true;
    return how;
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
      if (pid !== undefined && !hasEnded) signalGroup(pid, signal);
    },
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

// A shell or package runner that leads the group may end on SIGTERM before the hub behind it has closed its connections.
async function waitForGroup(leaderPid: number, graceMillis: number): Promise<void> {
  const untilMicros = systemClock.nowMicros() + graceMillis * 1_000;
  while (systemClock.nowMicros() < untilMicros) {
    const members = await listProcessGroup(leaderPid);
    if (members === undefined || members.length === 0) return;
    await pause(systemClock, GROUP_POLL_MILLIS);
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
