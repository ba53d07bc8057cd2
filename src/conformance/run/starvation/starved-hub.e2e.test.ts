// Real hubs on a core that other programs use up: what is late for want of the core is no verdict on a correct hub, and a
// hub that is late by itself is blamed on a quiet and on a busy core.
import { afterEach, describe, expect, it } from 'vitest';
import { programFile } from '../../../target/spawn/program-file.ts';
import { startStdioTarget } from '../../../target/spawn/stdio.ts';
import type { Target } from '../../../target/target.ts';
import {
  type Competition,
  canCompete,
  giveLowestPriority,
  startCompetition,
} from '../../../testing/competition.ts';
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import { oneLate } from '../../timed-work.ts';
import { runChecks } from '../runner.ts';
import { DEFAULT_SETTINGS } from '../settings.ts';

const PROGRAM = programFile(new URL('../../../testing/programs/run-defect.ts', import.meta.url));
const BUSY_PROGRAMS = 12;
/** A correct hub takes a fraction of a second for all of them, the late one 400 ms for each. */
const EVENTS = 200;
const MOST_MILLIS = 1_000;
const ENOUGH_MILLIS = 4_000;

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function startHub(id: string): Promise<{ target: Target; competition: Competition }> {
  const competition = startCompetition(BUSY_PROGRAMS);
  opened.push(() => competition.end());
  const command = `${competition.boundCommand} '${process.execPath}' '${PROGRAM}' ${id}`;
  const start = await startStdioTarget({ command });
  if (!start.ok) throw new Error(start.problem);
  opened.push(() => start.target.close());
  return { target: start.target, competition };
}

/** Events to one client, one after the other, while other programs compete for the core, or do not. */
const timesEvents = (competition?: Competition): Check => ({
  id: 'delivery.timed',
  chapter: 'delivery',
  title: 'a check of the test',
  level: 'must',
  clause: { source: 'protocol: Connection', quote: 'none' },
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain: 'of the test',
  isolation: 'alone',
  async run(lab) {
    const witness = await lab.witness();
    competition?.begin();
    try {
      const fromMillis = lab.elapsedMillis();
      const tookSoFar = (): number => lab.elapsedMillis() - fromMillis;
      for (let sent = 0; sent < EVENTS && tookSoFar() < ENOUGH_MILLIS; sent++) await lab.fence([witness]);
      const tookMillis = tookSoFar();
      if (tookMillis <= MOST_MILLIS) return pass();
      const breach = { expected: 'soon', got: `${Math.round(tookMillis)} ms` };
      return fail(breach, { basis: oneLate({ fromMillis, tookMillis }, MOST_MILLIS) });
    } finally {
      competition?.pause();
    }
  },
});

async function judge(target: Target, check: Check) {
  const { results } = await runChecks({ checks: [check], target, settings: DEFAULT_SETTINGS });
  const { verdict, reason = '', got = '' } = results[0] ?? {};
  return { verdict, said: `${verdict}: ${reason}${got}` };
}

/** This machine is so busy that no verdict of the test is the hub's. */
function isRunnerStarved(said: string): boolean {
  const [, waited, all] = /the runner waited (\d+) of (\d+) ms/.exec(said) ?? [];
  return said.includes('the runner lacked CPU time') || Number(waited) >= Number(all) / 2;
}

describe.skipIf(!canCompete())('a correct hub without CPU time', () => {
  it('gets no verdict, and the reason names how long it waited', async () => {
    const { target, competition } = await startHub('correct');
    for (const pid of target.pids?.() ?? []) giveLowestPriority(pid);
    const { verdict, said } = await judge(target, timesEvents(competition));
    expect(verdict, said).toBe('error');
    if (!isRunnerStarved(said))
      expect(said).toMatch(/the hub waited \d+ .*of \d+ ms for a CPU core because other programs had them/);
  }, 240_000);

  it('is judged where its processes are not known', async () => {
    const { target, competition } = await startHub('correct');
    for (const pid of target.pids?.() ?? []) giveLowestPriority(pid);
    // Target has getters, which a copy would lose.
    const unknown: Target = Object.create(target, { pids: { value: undefined } });
    const { verdict, said } = await judge(unknown, timesEvents(competition));
    expect(said).not.toContain('the hub waited');
    if (!isRunnerStarved(said)) expect(verdict, said).toBe('fail');
  }, 240_000);
});

describe.skipIf(!canCompete())('a hub that sends each event 400 ms late', () => {
  it.each(['quiet', 'busy'])(
    'is blamed on a %s core',
    async (core) => {
      const { target, competition } = await startHub('slow-for-all');
      const { verdict, said } = await judge(target, timesEvents(core === 'busy' ? competition : undefined));
      if (!isRunnerStarved(said)) expect(verdict, said).toBe('fail');
    },
    120_000,
  );
});
