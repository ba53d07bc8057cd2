// A busy machine for one hub: programs that take all they get of one core, to which the hub is bound, too. Needs Linux and
// taskset.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';
import { coresOf } from '../target/process-tree/core-waits.ts';

export interface Competition {
  /** What precedes the command of the hub. */
  readonly boundCommand: string;
  begin(): void;
  pause(): void;
  end(): void;
}

const LOWEST_PRIORITY = 19;

export const canCompete = (): boolean =>
  process.platform === 'linux' && spawnSync('taskset', ['--version']).status === 0;

/** So many busy programs, stopped until `begin`. */
export function startCompetition(programs: number): Competition {
  const core = String(coresOf(process.pid).at(-1) ?? 0);
  const busy = Array.from({ length: programs }, () =>
    spawn('taskset', ['-c', core, 'sh', '-c', 'kill -STOP $$; while :; do :; done'], {
      stdio: 'ignore',
      // Linux shares a core among sessions first: in one of theirs they would get no more than one hub.
      detached: true,
    }),
  );
  const signal = (name: NodeJS.Signals): void => {
    for (const each of busy) each.kill(name);
  };
  return {
    boundCommand: `taskset -c ${core}`,
    begin: () => signal('SIGCONT'),
    pause: () => signal('SIGSTOP'),
    end: () => signal('SIGKILL'),
  };
}

/** Each thread has a priority of its own. */
export function giveLowestPriority(pid: number): void {
  for (const tid of readdirSync(`/proc/${pid}/task`)) setPriority(Number(tid), LOWEST_PRIORITY);
}
