// What the load test says of hubs with larger buffers, without one, and of hubs that never close the sockets of clients
// that they evicted.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { programFile } from '../../../target/spawn/program-file.ts';
import { untilDecided } from '../../../testing/defect-tests/until-decided.ts';
import { removeBuilds } from '../../../testing/external/build-go.ts';
import { EXTERNAL_LANGUAGES } from '../../../testing/external/external-hubs.ts';
import type { Parsed } from '../../../units/parsed.ts';
import type { LoadtestResult } from '../../result/result.ts';

const PROGRAM = programFile(new URL('../../../cli/loadtest.ts', import.meta.url));
const RUN_TIMEOUT_MILLIS = 90_000;
const TIMEOUT_MILLIS = 3 * RUN_TIMEOUT_MILLIS;
const LOAD =
  '--clients 5 --cohort asleep=4:stall(after=5) --rate 50 --duration 2s --warmup 300ms --quiet'.split(' ');
const folder = mkdtempSync(join(tmpdir(), 'slow-clients-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterAll(removeBuilds);

const prepared = new Map<string, Parsed<readonly string[]>>();
for (const { name, prepare } of EXTERNAL_LANGUAGES) prepared.set(name, await prepare());
const isMissing = (language: 'go' | 'python') => prepared.get(language)?.ok !== true;

async function run(
  name: string,
  language: 'go' | 'python',
  defect: string,
  hub: { readonly clientBufferMessages?: number; readonly compression?: boolean } = {},
) {
  const program = prepared.get(language);
  const flags = EXTERNAL_LANGUAGES.find((one) => one.name === language)?.argumentsFor(defect, hub) ?? [];
  const command = [...(program?.ok ? program.value : []), ...flags].join(' ');
  const output = join(folder, name);
  const argv = [PROGRAM, 'run', '--spawn', command, ...LOAD, '--output', output];
  if (hub.compression) argv.push('--compression');
  const runOnce = () =>
    new Promise<number>((resolve) => {
      execFile(process.execPath, argv, { timeout: RUN_TIMEOUT_MILLIS }, (error) =>
        resolve(typeof error?.code === 'number' ? error.code : error ? -1 : 0),
      );
    });
  // Again while the machine was too busy to reach the load.
  const code = await untilDecided(runOnce, (exitCode) => exitCode === 4);
  const result = JSON.parse(readFileSync(join(output, 'loadtest.json'), 'utf8')) as LoadtestResult;
  return { code, result };
}

describe.concurrent('the load test of slow clients', () => {
  for (const messages of [512, 1_024])
    it.skipIf(isMissing('go'))(
      `passes a hub with ${messages} messages for each client, and assumes no number of them`,
      { timeout: TIMEOUT_MILLIS },
      async ({ expect }) => {
        const hub = { clientBufferMessages: messages };
        const { code, result } = await run(`buffer-${messages}`, 'go', 'none', hub);
        expect([code, result.findings]).toEqual([0, []]);
        expect(result.cohorts[1]?.evicted).toBe(4);
        for (const { anatomy } of result.evictions)
          if (anatomy !== null) expect([anatomy.isQueueAtMost, anatomy.tippedByEvent]).toEqual([true, null]);
      },
    );

  it.skipIf(isMissing('go'))(
    'passes a hub on gorilla that compresses',
    { timeout: TIMEOUT_MILLIS },
    async ({ expect }) => {
      const { result } = await run('compression', 'go', 'none', { compression: true });
      expect(result.findings).toEqual([]);
      expect(result.cohorts[1]?.evicted).toBe(4);
      expect(result.compression).toMatchObject({
        agreed: [{ connections: 9, hasContextTakeover: false }],
        declined: 0,
      });
    },
  );

  it.skipIf(isMissing('go'))(
    'fails a hub that closes the socket of an evicted client only when this one reads on',
    { timeout: TIMEOUT_MILLIS },
    async ({ expect }) => {
      const { code, result } = await run('close-after-drain', 'go', 'close-after-drain');
      expect(code).toBe(1);
      expect(result.findings).toMatchObject([{ name: 'not-released', severity: 'error', cohort: 'asleep' }]);
      expect(result.thresholds.find(({ expr }) => expr === 'released{cohort=asleep}.p99<10s')).toMatchObject({
        ok: false,
        isDecided: true,
      });
    },
  );

  it.skipIf(isMissing('python'))(
    'says what was sent to a hub that evicts nobody',
    { timeout: TIMEOUT_MILLIS },
    async ({ expect }) => {
      const { code, result } = await run('never-evict', 'python', 'never-evict');
      expect(code).toBe(1);
      const message = expect.stringMatching(
        /pressure sent [\d,]+ events .* waited in the hub for each of them/,
      );
      expect(result.findings).toMatchObject([{ name: 'not-evicted', cohort: 'asleep', message }]);
      expect(result.pressure?.queuedMessages).toBeGreaterThanOrEqual(2_048);
    },
  );

  it.skipIf(isMissing('python'))(
    'passes a correct hub in Python, whose sockets close',
    { timeout: TIMEOUT_MILLIS },
    async ({ expect }) => {
      const { code, result } = await run('correct', 'python', 'none');
      expect([code, result.findings]).toEqual([0, []]);
      for (const { released } of result.evictions) expect(released?.mostMillis).toBeLessThan(10_000);
    },
  );
});
