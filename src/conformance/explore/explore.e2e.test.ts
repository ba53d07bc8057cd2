// The exploration on real hubs: it finds known bugs from a fixed seed, names them, replays them, and finds nothing on a
// correct hub.
import { afterAll, describe, expect, it } from 'vitest';
import { programFile } from '../../target/spawn/program-file.ts';
import { startStdioTarget } from '../../target/spawn/stdio.ts';
import type { Target } from '../../target/target.ts';
import { createLanes } from '../../testing/lanes.ts';
import { CORRECT_VARIANTS } from '../../testing/registry.ts';
import { systemClock } from '../../time/clock.ts';
import { createSettings } from '../run/settings.ts';
import type { Program, Replayed } from './program/program.ts';
import type { ExploreResult } from './result.ts';
import { explore } from './search/explore.ts';
import { replayPrograms } from './search/replay.ts';
import { isReliable } from './search/settle.ts';

const inLane = createLanes(3);
const PROGRAM = programFile(new URL('../../testing/programs/run-defect.ts', import.meta.url));
const KIT = { name: 'norn-loadtest', version: 'test' };
/** Programs in which correct hubs differ most. */
const UNUSUAL: readonly Program[] = [
  { seed: 3, factors: { offer: 'browser', content: 'random', events: 20, sends: 'compressed fragments' } },
  { seed: 4, factors: { stall: 'above', batch: 32, clients: 5, joins: 'in waves', producers: 8 } },
  { seed: 5, factors: { sends: 'text 16 KiB', joins: 'come back' } },
];
const targets: Target[] = [];

afterAll(async () => {
  await Promise.all(targets.splice(0).map((target) => target.close()));
});

async function startHub(defectId: string): Promise<Target> {
  const start = await startStdioTarget({ command: `'${process.execPath}' '${PROGRAM}' ${defectId}` });
  if (!start.ok) throw new Error(start.problem);
  targets.push(start.target);
  return start.target;
}

async function run(
  defectId: string,
  timeMillis: number,
  replayed?: Replayed,
  mostFindings?: number,
): Promise<ExploreResult> {
  const options = {
    target: await startHub(defectId),
    settings: createSettings({ seed: 1 }),
    clock: systemClock,
    timeMillis,
    ...(mostFindings === undefined ? {} : { mostFindings }),
    kit: KIT,
    command: 'norn-conformance explore',
  };
  return replayed === undefined ? explore(options) : replayPrograms(replayed, options);
}

describe('exploration', () => {
  it('finds nothing on a correct hub', async () => {
    const result = await run('correct', 2_000);
    expect(result.findings.map(({ title, got }) => `${title}: ${got}`)).toEqual([]);
    expect(result.programs).toBeGreaterThan(0);
    expect(result.verdict).toBe('passed');
  }, 60_000);

  it.concurrent.each(CORRECT_VARIANTS.map(({ id }) => id))(
    'finds nothing on a correct hub of another kind: %s',
    async (id) => {
      const { findings, verdict } = await inLane(() => run(id, 0, { programs: UNUSUAL }));
      expect(findings.map(({ title, got }) => `${title}: ${got}`)).toEqual([]);
      expect(verdict).toBe('passed');
    },
    120_000,
  );

  it('finds what a hub does always wrong with the first program, and names nothing but that', async () => {
    const result = await run('greets-in-words', 1_000);
    expect(result.findings.map(({ id }) => id)).toEqual(['stray-message']);
    expect(result.verdict).toBe('failed');
  }, 60_000);
});

describe('a bug that depends on luck', () => {
  it('is named by little, and its file shows it again each time', async () => {
    const { findings } = await run('newcomer-cut', 30_000, undefined, 1);
    const [found] = findings;
    if (found === undefined) throw new Error('nothing was found');
    expect(found.kind).toBe('disconnected');
    expect(isReliable(found.replays)).toBe(true);
    expect(found.programs.flatMap(({ factors }) => Object.keys(factors)).length).toBeLessThan(5);
    const { kind: shows, programs, repeat } = found;
    for (let replay = 1; replay <= 5; replay++) {
      const again = await run('newcomer-cut', 0, { programs, shows, repeat });
      expect(again.findings.map(({ kind }) => kind)).toEqual(['disconnected']);
    }
  }, 300_000);
});

describe('a replay', () => {
  const origin: Program = { seed: 1, factors: { origin: 'loopback6' } };

  it('shows the finding of a file again', async () => {
    const result = await run('ipv6-origin-refused', 1_000, { programs: [{ seed: 1, factors: {} }, origin] });
    expect(result.findings.map(({ id }) => id)).toEqual(['handshake-refused.origin']);
    expect(result.findings[0]?.programs).toHaveLength(2);
  }, 60_000);

  it('finds nothing where the bug is not', async () => {
    expect(await run('correct', 1_000, { programs: [origin] })).toMatchObject({
      obstacle: null,
      verdict: 'passed',
    });
  }, 60_000);
});
