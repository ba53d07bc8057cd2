// The known-bad hubs as processes: ready line, arguments, and no process left behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { programFile } from '../../target/spawn/program-file.ts';
import { buildNumberedText } from '../builders/envelope-builder.ts';
import { postEvents } from '../peers/post-events.ts';
import { openWitness } from '../peers/witness-client.ts';

const PROGRAM = programFile(new URL('./run-defect.ts', import.meta.url));

interface ReadyLine {
  readonly ready: boolean;
  readonly url: string;
  readonly broadcastUrl: string;
  readonly pid: number;
}

async function startProcess(argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [PROGRAM, ...argv], { env: { ...process.env, ...env } });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  return { child, exited, ready: JSON.parse(line) as ReadyLine };
}

describe('run-defect', () => {
  it('prints the ready line, serves, and leaves with 0 on SIGTERM', async () => {
    const { child, exited, ready } = await startProcess(['correct', '--port', '0']);
    expect(ready).toMatchObject({ ready: true, pid: child.pid });
    const witness = await openWitness(ready.url);
    expect((await postEvents(ready.broadcastUrl, [buildNumberedText(0)])).status).toBe(202);
    child.kill('SIGTERM');
    await witness.until(() => witness.closeCode !== undefined);
    expect(witness.closeCode).toBe(1001);
    witness.destroy();
    expect(await exited).toBe(0);
  });

  it('ends with its stdin when NORN_EXIT_WITH_STDIN is set', async () => {
    const { child, exited } = await startProcess(['correct'], { NORN_EXIT_WITH_STDIN: '1' });
    child.stdin.end();
    expect(await exited).toBe(0);
  });

  it('dies as a process where the defect is that it dies', async () => {
    const { exited, ready } = await startProcess(['dies-in-the-middle']);
    await postEvents(
      ready.broadcastUrl,
      Array.from({ length: 250 }, (_, index) => buildNumberedText(index)),
    );
    expect(await exited).toBe(2);
  });

  it('names an unknown defect and an illegal number, and exits with 2', async () => {
    for (const [argv, problem] of [
      [['no-such-bug'], 'no-such-bug'],
      [['correct', '--port', 'x'], '--port'],
    ] as const) {
      const child = spawn(process.execPath, [PROGRAM, ...argv]);
      let complaint = '';
      child.stderr.on('data', (chunk: Buffer) => {
        complaint += chunk.toString();
      });
      const [code] = await once(child, 'close');
      expect(code).toBe(2);
      expect(complaint).toContain(problem);
    }
  });
});
