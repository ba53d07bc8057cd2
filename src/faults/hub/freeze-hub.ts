// Stops the processes of a hub (SIGSTOP) and lets them go on (SIGCONT). For each a helper waits that outlives the kit: should
// the kit be killed meanwhile, its stdin ends, and the hub goes on.
import { type ChildProcess, spawn } from 'node:child_process';

export interface FrozenHub {
  /** Why some of its processes could not be stopped; those that were, are. */
  readonly problem?: string;
  goOn(): void;
}

/** Lists once more after each round, as a process may have started another. */
const MAX_ROUNDS = 10;

export function freezeHub(listPids: () => readonly number[]): FrozenHub {
  const stopped = new Set<number>();
  const helpers: ChildProcess[] = [];
  const frozen = (problem?: string): FrozenHub => ({
    ...(problem !== undefined && { problem }),
    goOn() {
      for (const pid of stopped) signal(pid, 'SIGCONT');
      for (const { stdin } of helpers) stdin?.end();
    },
  });
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const fresh = listPids().filter((pid) => !stopped.has(pid));
    if (fresh.length === 0) break;
    helpers.push(startHelper(fresh));
    for (const pid of fresh) {
      const problem = signal(pid, 'SIGSTOP');
      if (problem !== undefined) return frozen(`process ${pid} of the hub cannot be stopped: ${problem}`);
      stopped.add(pid);
    }
  }
  return frozen(stopped.size === 0 ? 'the hub has no process that could be stopped' : undefined);
}

/** In a session of its own, so that Ctrl-C does not reach it. */
function startHelper(pids: readonly number[]): ChildProcess {
  const words = ['-c', 'read -r _; kill -CONT "$@" 2>/dev/null', 'sh', ...pids.map(String)];
  const helper = spawn('/bin/sh', words, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Without it the kit alone lets the hub go on.
  helper.on('error', () => {});
  helper.stdin?.on('error', () => {});
  helper.unref();
  return helper;
}

/** Why it did not work; a process that is gone is no problem. */
function signal(pid: number, name: NodeJS.Signals): string | undefined {
  try {
    process.kill(pid, name);
    return undefined;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return undefined;
    return code === 'EPERM' ? 'it belongs to another user' : message;
  }
}
