// A command of the user's as a fault: in a process group of its own, with a deadline, and what it printed last where it fails.
import { spawn } from 'node:child_process';
import { createLineSplitter, LastLines } from '../../../target/spawn/output-lines.ts';
import type { Clock } from '../../../time/clock.ts';

/** After its end what it printed last may still be on its way; what it left in the background may keep the output open. */
const OUTPUT_MILLIS = 200;

/** Why it failed, in one sentence; undefined when it ended with code 0. */
export function runCommand(
  command: string,
  deadlineMillis: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const lines = new LastLines();
    for (const stream of [child.stdout, child.stderr])
      stream.on(
        'data',
        createLineSplitter((line) => lines.add(line)),
      );
    let cut: string | undefined;
    function endNow(reason: string): void {
      cut ??= reason;
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has just ended by itself.
      }
    }
    const timers = [
      clock.after(deadlineMillis, () => endNow(`was not done within ${deadlineMillis / 1e3} s`)),
    ];
    const interrupt = () => endNow('was ended with the run');
    signal.addEventListener('abort', interrupt, { once: true });
    function finish(how: string | undefined): void {
      for (const each of timers) each.cancel();
      signal.removeEventListener('abort', interrupt);
      const printed = lines.quote();
      resolve(how && `the command ${how}${printed === undefined ? '' : `; it printed: ${printed}`}`);
    }
    child.once('error', ({ message }) => finish(`could not be started: ${message}`));
    child.once('exit', (code, by) => {
      const how = code === 0 ? undefined : by ? `was ended by ${by}` : `exited with code ${code}`;
      const end = () => finish(cut ?? how);
      timers.push(clock.after(OUTPUT_MILLIS, end));
      child.once('close', end);
    });
  });
}
