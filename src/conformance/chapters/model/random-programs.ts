// Random programs against a model of the protocol. One that fails is shrunk, a step counting only when it fails again
// in two of three tries, and comes out as a fixture with the command that replays it.
import fc from 'fast-check';
import { createFixture } from '../../../fixture/format/fixture.ts';
import { type FixtureFile, renderFixtureFile } from '../../../fixture/format/fixture-file.ts';
import { judgeFixture, showsWrongData } from '../../../fixture/judge/judge-fixture.ts';
import type { Outcome } from '../../../fixture/judge/outcome.ts';
import { runFixture } from '../../../fixture/run/run-fixture.ts';
import type { Check } from '../../check.ts';
import { error, FACTS, fail, listSome, pass } from '../../finding.ts';
import { findEventBytes } from '../../lab/backlog.ts';
import type { Lab } from '../../lab/lab.ts';
import { waitedInVain } from '../../timed-work.ts';
import { LARGE_EVENT_BYTES, SLOW_CLAUSE } from '../slow-client/stalled.ts';
import { type ProgramBounds, programs, type Step, toFixture } from './program.ts';

const PROGRAMS = 30;
/** The search ends after this time, but not before it has tried a few: a slow machine must not make a mild judge. */
const SEARCH_MILLIS = 2_000;
const FEWEST_PROGRAMS = 8;
/** What a program publishes, and how many of them a slow route must allow. */
const [EVENTS_A_PROGRAM, FEWEST_SLOW_PROGRAMS] = [50, 2];
const LONGEST_SEARCH_MILLIS = 30_000;
const SHRINK_MILLIS = 15_000;
/** The wait of a shrink candidate: what does not arrive within this does not arrive. */
const SHRINK_WAIT_MILLIS = 2_000;

export const randomPrograms: Check = {
  id: 'model.random-programs',
  chapter: 'model',
  title: 'random sequences of client and producer actions match the protocol model',
  level: 'must',
  clause: SLOW_CLAUSE,
  needs: ['broadcast', 'direct'],
  deadlineMillis: 180_000,
  explain:
    'This check covers cases that no list contains: it generates up to 30 programs of joining, leaving, resetting, stalling, resuming and broadcasting (small, large, in bursts, beyond a full buffer) from the seed of the run, and compares each client of each program with a model of the protocol: events arrive once, in order and whole; the client is kept while its buffer has room, evicted when it overflowed for certain, and either where kernels may hide the difference. A program that fails in two of three tries is shrunk, written as a fixture file beside the reports, and can be replayed with one command.',
  isolation: 'alone',
  // It would find these again, slowly.
  blockedBy: [
    'delivery.joined-soon',
    'slow-client.evicted',
    'slow-client.contiguous-prefix',
    'slow-client.producers-unharmed',
    'slow-client.others-unharmed',
  ],
  async run(lab) {
    const witness = await lab.witness();
    const eventBytes = await findEventBytes(lab, LARGE_EVENT_BYTES, [witness]);
    witness.destroy();
    const bounds = { eventBytes, clientBufferMessages: lab.settings.clientBufferMessages };
    const events = lab.affordable({
      wanted: FEWEST_PROGRAMS * EVENTS_A_PROGRAM,
      fewest: FEWEST_SLOW_PROGRAMS * EVENTS_A_PROGRAM,
      underWay: 1,
      // What was queued for those that resume comes later.
      deliveriesEach: 2,
    });
    const search = createSearch(lab, bounds, Math.floor(events / EVENTS_A_PROGRAM));
    const property = fc.asyncProperty(programs(bounds), async (steps) => !(await search.fails(steps)));
    await fc.check(property, { seed: lab.settings.seed, numRuns: PROGRAMS });
    const counted = `${search.programsRun} programs, seed ${lab.settings.seed}`;
    const { smallest } = search;
    if (smallest === undefined) {
      return search.obstacle === undefined
        ? pass({ evidence: [counted] })
        : error(search.obstacle, { evidence: [counted] });
    }
    const fileName = `random-program-${lab.settings.seed}.yaml`;
    return fail(
      { expected: 'the events that the protocol promises each client', got: listSome(smallest.broken) },
      {
        // A fixture waits in its own ways.
        basis: waitedInVain({ fromMillis: 0, tookMillis: lab.elapsedMillis() }),
        ...(smallest.isWrongData ? FACTS : {}),
        evidence: [counted, ...describe(smallest.file), `again: ${lab.settings.replayCommand(fileName)}`],
        fixture: {
          fileName,
          yaml: renderFixtureFile(smallest.file, `Found by norn-conformance, seed ${lab.settings.seed}.`),
        },
      },
    );
  },
};

interface Failing {
  readonly file: FixtureFile;
  readonly broken: readonly string[];
  readonly isWrongData: boolean;
}

interface Search {
  fails(steps: readonly Step[]): Promise<boolean>;
  readonly programsRun: number;
  readonly smallest: Failing | undefined;
  /** Why the kit could not go on. */
  readonly obstacle: string | undefined;
}

function createSearch(lab: Lab, bounds: ProgramBounds, fewestPrograms: number): Search {
  const startMillis = lab.elapsedMillis();
  let [programsRun, untilMillis] = [0, startMillis + SEARCH_MILLIS];
  let smallest: Failing | undefined;
  let obstacle: string | undefined;

  async function runOnce(file: FixtureFile): Promise<Omit<Failing, 'file'>> {
    const fixture = createFixture(file, '.');
    if (!fixture.ok) throw new Error(`a program makes a bad fixture: ${fixture.problem}`);
    const run = await runFixture({
      fixture: fixture.value,
      target: lab.target,
      clock: lab.clock,
      interruption: lab.signal,
      deadlineMillis: smallest === undefined ? lab.settings.waitMillis : SHRINK_WAIT_MILLIS,
      endsAtFirstMiss: smallest !== undefined,
    });
    obstacle ??= run.obstacles[0];
    const outcomes = judgeFixture(run).filter(({ verdict }) => verdict === 'failed');
    if (run.hub.deadProblem !== undefined || run.hub.publishProblem !== undefined)
      await revive(run.hub.deadProblem);
    return { broken: outcomes.map(sentence), isWrongData: showsWrongData(run) };
  }

  function isOver(): boolean {
    if (lab.signal.aborted || obstacle !== undefined) return true;
    if (smallest !== undefined || programsRun >= fewestPrograms) return lab.elapsedMillis() > untilMillis;
    return lab.elapsedMillis() > startMillis + LONGEST_SEARCH_MILLIS;
  }

  /** A hub that hangs or died would fail every other program, too. */
  async function revive(problem = 'it takes no events'): Promise<void> {
    const restart = lab.abilities.restart ? await lab.target.restart() : undefined;
    if (restart?.ok !== true) obstacle ??= `the hub no longer serves clients: ${problem}`;
  }

  return {
    async fails(steps) {
      if (isOver()) return false;
      const file = toFixture(steps, bounds, 'random-program');
      programsRun++;
      const first = await runOnce(file);
      if (first.broken.length === 0 || !(await failsAgain(file))) return false;
      if (smallest === undefined) untilMillis = lab.elapsedMillis() + SHRINK_MILLIS;
      smallest = { file, ...first };
      return true;
    },
    get programsRun() {
      return programsRun;
    },
    get smallest() {
      return smallest;
    },
    get obstacle() {
      return obstacle;
    },
  };

  async function failsAgain(file: FixtureFile): Promise<boolean> {
    // A hub that is gone for good cannot run again; its result stands.
    if (obstacle !== undefined) return true;
    for (let again = 0; again < 2; again++) if ((await runOnce(file)).broken.length > 0) return true;
    return false;
  }
}

const sentence = ({ of, claim, got }: Outcome): string =>
  `${of === 'hub' ? 'the hub' : `client ${of}`}: expected "${claim}", got ${got}`;

function describe({ events, clients }: FixtureFile): string[] {
  return [
    `events: ${events.map(({ count = 1, size, burst }) => `${count}${size === undefined ? '' : ` of ${size} B`}${burst ? ' at once' : ''}`).join(', then ')}`,
    ...clients.map(
      ({ name, joins = 'event 0', timeline = [] }) =>
        `client ${name}: joins at ${joins}${timeline.map((action) => `, ${action.do} at ${action.at}`).join('')}`,
    ),
  ];
}
