// A recording that begins in the middle of sagas, played as the scenario of a load test: a correct hub passes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { loadHub } from '../index.ts';
import { untilDecided } from '../testing/defect-tests/until-decided.ts';
import { createStage } from '../testing/peers/running-hub.ts';

const stage = createStage();
const folder = mkdtempSync(join(tmpdir(), 'norn-recorded-'));
afterEach(() => stage.clear());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The step ends that was running before the recording; another saga goes on after its end, as one that is retried. */
const RECORDED = [
  ['deploy.step', { sagaId: 'old', step: 'build', status: 'complete' }],
  ['deploy.completed', { sagaId: 'retried', imageTag: 'v1' }],
  ['deploy.step', { sagaId: 'retried', step: 'build', status: 'running' }],
  ['deploy.failed', { sagaId: 'old', error: 'the image does not start' }],
] as const;

it('passes a correct hub', { timeout: 120_000 }, async () => {
  const { url } = await stage.start();
  const lines = [
    { kind: 'trace', version: 1, url, startedAt: '2026-01-01T00:00:00.000Z', reads: 'fast', redacted: [] },
    ...RECORDED.map(([type, payload], index) => ({
      kind: 'event',
      atMillis: index * 10,
      bytes: 100,
      envelope: { type, appId: 'shop', payload },
    })),
    { kind: 'end', atMillis: 100, events: RECORDED.length, why: 'the recorded time is over' },
  ];
  const trace = join(folder, 'middle.ndjson');
  writeFileSync(trace, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const options = { url, clients: 4, scenarios: [trace], durationMillis: 2_500, warmupMillis: 100 };
  const result = await untilDecided(
    () => loadHub(options),
    ({ verdict }) => verdict === 'inconclusive',
  );
  expect(result.findings).toEqual([]);
  expect(result.verdict).toBe('passed');
  expect(result.ledger.published).toBeGreaterThan(RECORDED.length);
});
