// A real process that is stopped: it goes on again, also when the kit is killed meanwhile.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { programFile } from '../../target/spawn/program-file.ts';
import { freezeHub } from './freeze-hub.ts';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function startSleeper(): number {
  const child = spawn('sleep', ['60']);
  started.push(child);
  return child.pid as number;
}

/** `T` while it is stopped. */
const stateOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.[0];

describe('freezeHub', () => {
  it('stops every process and lets them go on', async () => {
    const pids = [startSleeper(), startSleeper()];
    const frozen = freezeHub(() => pids);
    onTestFinished(() => frozen.goOn());
    expect(frozen.problem).toBeUndefined();
    await expect.poll(() => pids.map(stateOf)).toEqual(['T', 'T']);
    frozen.goOn();
    await expect.poll(() => pids.map(stateOf)).toEqual(['S', 'S']);
  });

  it('stops what was started meanwhile', async () => {
    const pids = [startSleeper()];
    const late = startSleeper();
    let looks = 0;
    const frozen = freezeHub(() => (looks++ === 0 ? pids : [...pids, late]));
    await expect.poll(() => stateOf(late)).toBe('T');
    frozen.goOn();
    await expect.poll(() => stateOf(late)).toBe('S');
  });

  it('says where there is nothing to stop', () => {
    expect(freezeHub(() => []).problem).toBe('the hub has no process that could be stopped');
  });

  it('lets it go on when the kit is killed', async () => {
    const pid = startSleeper();
    const file = programFile(new URL('./freeze-hub.ts', import.meta.url));
    const code = `import(${JSON.stringify(file)}).then(({ freezeHub }) => { freezeHub(() => [${pid}]); setInterval(() => {}, 1000); })`;
    const kit = spawn(process.execPath, ['-e', code]);
    started.push(kit);
    await expect.poll(() => stateOf(pid), { timeout: 20_000 }).toBe('T');
    kit.kill('SIGKILL');
    await expect.poll(() => stateOf(pid), { timeout: 20_000 }).toBe('S');
  });
});
