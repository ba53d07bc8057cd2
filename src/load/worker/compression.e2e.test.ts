// Clients that offer compression, against the reference hub and hubs on `ws` with and without context takeover: what is
// verified, what is reported, and that slow clients are judged as without.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { programFile } from '../../target/spawn/program-file.ts';
import type { LoadtestResult } from '../result/result.ts';

const PROGRAM = programFile(new URL('../../cli/loadtest.ts', import.meta.url));
const ON_WS = `node ${fileURLToPath(new URL('../../testing/peers/deflate-hub.mjs', import.meta.url))}`;
const RUN_TIMEOUT_MILLIS = 90_000;
const LOAD = '--clients 6 --rate 50 --duration 1500ms --warmup 300ms --client-buffer 64 --quiet'.split(' ');
const folder = mkdtempSync(join(tmpdir(), 'compression-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Not 1 or 3: the generator may be the limit on a busy machine (4). */
const NO_FAULT = [0, 4];

async function run(name: string, hub: string | undefined, flags: readonly string[]) {
  const output = join(folder, name);
  const spawned = hub === undefined ? [] : ['--spawn', hub];
  const argv = [PROGRAM, 'run', ...spawned, '--compression', ...LOAD, ...flags, '--output', output];
  const code = await new Promise<number>((resolve) => {
    execFile(process.execPath, argv, { timeout: RUN_TIMEOUT_MILLIS }, (error) =>
      resolve(typeof error?.code === 'number' ? error.code : error ? -1 : 0),
    );
  });
  const read = (file: string) => readFileSync(join(output, file), 'utf8');
  return { code, result: JSON.parse(read('loadtest.json')) as LoadtestResult, read };
}

describe('clients that offer compression', () => {
  it.each([
    ['the reference hub that the kit starts', undefined, false],
    ['ws with context takeover', `${ON_WS} takeover`, true],
  ])(
    'verify what %s sends, and see who is evicted',
    async (name, hub, hasContextTakeover) => {
      const { code, result, read } = await run(name, hub, ['--cohort', 'asleep=3:stall(after=5)']);
      expect(result.findings).toEqual([]);
      expect(NO_FAULT).toContain(code);
      expect(result.plan.compression).toBe(true);
      expect(result.cohorts.map(({ evicted }) => evicted)).toEqual([0, 3]);
      const { agreed, declined, ratio, wireBytes, plainBytes, readBytes } = result.compression ?? {};
      expect(agreed).toMatchObject([{ connections: 9, hasContextTakeover }]);
      expect([declined, Number(ratio) > 1]).toEqual([0, true]);
      expect(Number(wireBytes)).toBeLessThan(Number(plainBytes));
      expect(Number(readBytes)).toBeGreaterThan(Number(wireBytes));
      // Clients with odd numbers send no probes, and show what the kernels held, to the message.
      for (const { client, anatomy, messages, stalledAfterMessages } of result.evictions)
        if (anatomy !== null && client % 2 === 1)
          expect(anatomy.kernelMessages - (messages - stalledAfterMessages)).toBeLessThanOrEqual(1);
      const words = `connections ${hasContextTakeover ? 'with' : 'without'} context takeover`;
      for (const file of ['loadtest.md', 'loadtest.html']) expect(read(file)).toContain(words);
    },
    RUN_TIMEOUT_MILLIS,
  );

  it(
    'find a message corrupted that cannot be inflated',
    async () => {
      const { code, result } = await run('corrupt', `${ON_WS} no-takeover corrupt=20`, []);
      expect(code).toBe(1);
      expect(result.findings.map(({ name }) => name)).toContain('corrupted');
      expect(result.cohorts[0]).toMatchObject({ corrupted: 6, lost: 6 });
    },
    RUN_TIMEOUT_MILLIS,
  );
});
