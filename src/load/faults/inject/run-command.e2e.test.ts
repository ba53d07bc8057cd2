// Commands as faults: what is said of one that fails, and that nothing of one outlives its deadline or the run.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../time/clock.ts';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'command-'));
afterAll(() => rmSync(folder, { recursive: true }));
const NEVER = new AbortController().signal;
const LONG_MILLIS = 60_000;

/** Whether the process whose id is in the file lives. */
function lives(file: string): boolean {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}

describe('runCommand', () => {
  it('says nothing of a command that worked, whatever it left in the background', async () => {
    expect(await runCommand('sleep 3 & echo done', LONG_MILLIS, systemClock, NEVER)).toBeUndefined();
  });

  it.each([
    [
      'echo first; echo last >&2; exit 3',
      /^the command exited with code 3; it printed: (first \| last|last \| first)$/,
    ],
    ['no-such-command-4711', /^the command exited with code 127; it printed: .*no-such-command-4711/],
    ['kill -9 $$', /^the command was ended by SIGKILL$/],
  ])('says how %j failed', async (command, problem) => {
    expect(await runCommand(command, LONG_MILLIS, systemClock, NEVER)).toMatch(problem);
  });

  it('ends it with all that it started at its deadline, and with the run', async () => {
    const file = join(folder, 'child');
    const command = `sh -c 'echo $$ > ${file}; exec sleep 60'; true`;
    const late = runCommand(command, 500, systemClock, NEVER);
    expect(await late).toBe('the command was not done within 0.5 s');
    await expect.poll(() => lives(file)).toBe(false);
    const stop = new AbortController();
    const cut = runCommand(command, LONG_MILLIS, systemClock, stop.signal);
    await expect.poll(() => lives(file), { timeout: 20_000 }).toBe(true);
    stop.abort();
    expect(await cut).toBe('the command was ended with the run');
    await expect.poll(() => lives(file)).toBe(false);
  }, 40_000);
});
