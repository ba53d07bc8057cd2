// The suite on the hubs that users start from: the reference hub passes everything, the examples in three languages fail
// nothing, and the hub built as in the protocol's diagram fails exactly its one known check.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, it } from 'vitest';
import type { Check } from '../../conformance/check.ts';
import { CHECKS } from '../../conformance/registry.ts';
import type { CheckResult } from '../../conformance/result.ts';
import { runConformance } from '../../conformance/run/run-conformance.ts';
import { DEFAULT_SETTINGS } from '../../conformance/run/settings.ts';
import { startReferenceTarget } from '../../target/spawn/reference.ts';
import { startStdioTarget } from '../../target/spawn/stdio.ts';
import type { TargetStart } from '../../target/target.ts';
import { untilAllDecided } from '../defect-tests/until-decided.ts';
import { createLanes } from '../lanes.ts';
import { buildGo, removeBuilds } from './build-go.ts';

const file = (path: string): string => fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url));
const GOPATH = '/usr/share/gocode';
const PYTHON = '/usr/bin/python3';
const EXTRA_ORIGIN = 'https://norn.example.com';
/** Four suites at a time on a busy machine: no check may be left out for lack of time. */
const TIME_LIMIT_MILLIS = 600_000;
/** A hub that never disconnects needs not be waited for as long. */
const NEVER_KICKED_MILLIS = 3_000;
const ALLOWING = `env NORN_ALLOWED_ORIGINS=${EXTRA_ORIGIN}`;

const whyNoGo =
  spawnSync('go', ['version']).status === 0 && existsSync(`${GOPATH}/src/github.com/gorilla/websocket`)
    ? ''
    : ' (skipped: needs golang-go and golang-github-gorilla-websocket-dev)';
const whyNoPython =
  spawnSync(PYTHON, ['-c', 'import websockets']).status === 0 ? '' : ' (skipped: needs python3-websockets)';

afterAll(removeBuilds);

async function spawnGo(name: string): Promise<TargetStart> {
  const built = await buildGo(file(`${name}/hub.go`));
  if (!built.ok) throw new Error(built.problem);
  return spawned(`${ALLOWING} '${built.value}' -port 0`);
}

async function judge(
  start: TargetStart,
  checks: readonly Check[],
  kickDeadlineMillis = DEFAULT_SETTINGS.kickDeadlineMillis,
): Promise<readonly CheckResult[]> {
  if (!start.ok) throw new Error(start.problem);
  const { target } = start;
  try {
    return await untilAllDecided(checks, async (some) => {
      const settings = {
        ...DEFAULT_SETTINGS,
        kickDeadlineMillis,
        allowedOrigins: [EXTRA_ORIGIN],
        timeLimitMillis: TIME_LIMIT_MILLIS,
        exploreMillis: 2_000,
      };
      const kit = { name: 'norn-loadtest', version: '0.0.0' };
      return (await runConformance({ checks: some, target, settings, kit, command: 'test' })).checks;
    });
  } finally {
    await target.close();
  }
}

/** Measurements never fail a hub, and take long. */
const CHECKS_THAT_CAN_FAIL = CHECKS.filter(({ level }) => level !== 'info');

const failures = (results: readonly CheckResult[]) =>
  results
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ id, expected, got }) => `${id}: expected ${expected}, got ${got}`);

/** How many checks have a verdict: a run that judged nothing has no failure either. */
const judged = (results: readonly CheckResult[]) =>
  results.filter(({ verdict }) => verdict === 'pass' || verdict === 'warn').length;

const spawned = (command: string) => startStdioTarget({ command });

/** Two hubs share out the checks, so that they take the time of one: each check is tried on one of them, and on the others. */
const halfOf = (half: number) => CHECKS_THAT_CAN_FAIL.filter((_, at) => at % 2 === half);

type CorrectHub = readonly [
  name: string,
  whyNot: string,
  checks: readonly Check[],
  start: () => Promise<TargetStart>,
];

const CORRECT_HUBS: readonly CorrectHub[] = [
  ['go-gorilla', whyNoGo, CHECKS_THAT_CAN_FAIL, () => spawnGo('go-gorilla')],
  ['node-ws', '', halfOf(0), () => spawned(`${ALLOWING} node '${file('node-ws/hub.mjs')}'`)],
  [
    'python-websockets',
    whyNoPython,
    halfOf(1),
    () => spawned(`${ALLOWING} ${PYTHON} '${file('python-websockets/hub.py')}'`),
  ],
];

describe.concurrent('the suite on hubs that users start from', { timeout: 2 * TIME_LIMIT_MILLIS }, () => {
  const inLane = createLanes(4);

  it.skipIf(whyNoGo !== '')(
    `fails the diagram hub in exactly its known failure${whyNoGo}`,
    async ({ expect }) => {
      const results = await inLane(async () =>
        judge(await spawnGo('go-diagram'), CHECKS_THAT_CAN_FAIL, NEVER_KICKED_MILLIS),
      );
      const failed = results.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);
      expect(failed, failures(results).join('\n')).toEqual(['slow-client.really-disconnected']);
      expect(readFileSync(file('go-diagram/known-failing.yaml'), 'utf8')).toContain(failed[0]);
    },
  );

  for (const [name, whyNot, checks, start] of CORRECT_HUBS) {
    it.skipIf(whyNot !== '')(`fails nothing of ${name}${whyNot}`, async ({ expect }) => {
      const results = await inLane(async () => judge(await start(), checks));
      expect(failures(results)).toEqual([]);
      expect(judged(results)).toBeGreaterThan(checks.length * 0.9);
    });
  }

  it('passes the reference hub in every registered check', async ({ expect }) => {
    const start = () => startReferenceTarget({ allowedOrigins: [EXTRA_ORIGIN] });
    const results = await inLane(async () => judge(await start(), CHECKS));
    const others = results.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skip');
    expect(others).toEqual([]);
    expect(judged(results)).toBeGreaterThan(CHECKS.length * 0.9);
  });
});
