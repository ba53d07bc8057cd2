// A client that falls behind and catches up again and again: it is kept and misses nothing, however often, and it is
// evicted like any other once its buffer is full.
import type { Check } from '../../check.ts';
import { FACTS, type Finding, fail, pass } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { FEW_AT_ONCE } from '../../lab/route/publish-unordered.ts';
import { blanks, findFirstBreach } from '../delivery/account.ts';
import { beyond, overflow } from './overflow.ts';
import {
  DELIVERIES_EACH,
  HUGE_EVENT_BYTES,
  ISOLATION_CLAUSE,
  type StalledScene,
  stall,
  stallClients,
} from './stalled.ts';

/** Halves and whole buffers in turn: what adds up over the life of a client is more than a few buffers then. */
const SHORT_STALLS = 6;
const FEWEST_STALLS = 2;
/** Those behind them are small: kernels take none of these. */
const HUGE_EVENTS = 2;
/** Longer than events are kept by hubs that let them expire, shorter than the time limit of most writers. */
const LONG_STALL_MILLIS = 2_500;

export const slowButFastEnough: Check = {
  id: 'slow-client.fast-enough-is-kept',
  chapter: 'slow-client',
  title: 'a client that falls behind and catches up is kept and misses nothing',
  level: 'must',
  clause: ISOLATION_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 180_000,
  explain:
    'A phone in a tunnel falls behind for a while; the buffer exists for that. Six times (fewer where the hub is slow) a client stops reading while events fill half of its buffer and all of it in turn, then resumes: it must receive every event and stay connected. One more time it resumes only after 2.5 s: a hub whose writes have a time limit may have disconnected it by then, but may not have dropped anything. When it falls behind once more, by more than its buffer holds, it must be disconnected, if the hub does that to a client that has never been behind.',
  isolation: 'alone',
  async run(lab) {
    const witness = await lab.witness();
    const scene = await stallClients(lab, 1, HUGE_EVENT_BYTES, [witness]);
    const [reader] = scene.stalled;
    if (!reader) throw new Error('expected one client');
    const before = [...witness.record.sequences];
    const expected: number[] = [];
    const hasAll = () => reader.record.sequences.length >= expected.length;
    const hasFault = () => reader.record.faults.length > 0;
    const { short, long, isWhole } = planStalls(lab);
    const behind = behindHuge(lab, scene);
    for (const [at, events] of [...short, long].entries()) {
      const isLong = at === short.length;
      reader.stopReading();
      expected.push(...(await behind.fill(events)).sequences);
      await lab.pause(isLong ? LONG_STALL_MILLIS : 0);
      reader.resumeReading();
      await reader.until(() => hasAll() || hasFault(), 'what was waiting for the slow client');
      // What is missing now never comes, and each further round would wait for it.
      if (reader.isOpen && (hasFault() || !hasAll())) break;
      if (isLong && !reader.isOpen) break;
      const fence = await lab.fence([witness, reader]);
      expected.push(fence);
    }
    const breach = findFirstBreach([witness], [...before, ...expected]);
    if (breach) return breach;
    const got = reader.record.sequences;
    // Cut off during the long stall: what came is a prefix.
    if (
      !reader.isOpen &&
      got.every((sequence, at) => sequence === expected[at]) &&
      got.length > short.reduce((sum, events) => sum + events, 0)
    )
      return pass({
        evidence: [`a client that read nothing for ${LONG_STALL_MILLIS} ms was disconnected, without a gap`],
      });
    const missed = findFirstBreach([reader], expected);
    if (missed !== undefined || !isWhole) return missed ?? pass();
    return (await findKeptForGood(lab, reader, scene)) ?? pass();
  },
};

interface Stalls {
  /** Messages that wait in each. */
  readonly short: readonly number[];
  readonly long: number;
  /** None was left out. */
  readonly isWhole: boolean;
}

function planStalls(lab: Lab): Stalls {
  const { clientBufferMessages } = lab.settings;
  const half = Math.max(1, Math.floor(clientBufferMessages / 2));
  const sizes = Array.from({ length: SHORT_STALLS }, (_, at) => (at % 2 === 0 ? half : clientBufferMessages));
  const sum = (count: number): number => sizes.slice(0, count).reduce((total, each) => total + each, half);
  const [wanted, fewest] = [sum(SHORT_STALLS), sum(FEWEST_STALLS)];
  const events = lab.affordable({ wanted, fewest, atOnce: FEW_AT_ONCE, deliveriesEach: DELIVERIES_EACH });
  const short = sizes.filter((_, at) => sum(at + 1) <= events);
  return { short, long: half, isWhole: short.length === sizes.length };
}

/** The same scene, in which few events are large: those behind them wait whatever their size is. */
function behindHuge(lab: Lab, scene: StalledScene): StalledScene {
  return {
    ...scene,
    async fill(outstanding) {
      const huge = await scene.fill(Math.min(outstanding, HUGE_EVENTS), 'fewer');
      const small = await lab.publish(blanks(Math.max(0, outstanding - HUGE_EVENTS)), scene.witnesses);
      return { ...huge, sequences: [...huge.sequences, ...small.map(({ sequence }) => sequence)] };
    },
  };
}

/** What a client has been through may not exempt it from its limit. Judged where it can be seen how many events wait. */
async function findKeptForGood(
  lab: Lab,
  veteran: LabClient,
  { witnesses, eventBytes }: StalledScene,
): Promise<Finding | undefined> {
  const limit = (scene: StalledScene): number => beyond(lab, scene);
  const isKept = async (scene: StalledScene): Promise<boolean> => {
    const { drained, firstSequence, published, isCounted } = await overflow(lab, scene, limit(scene));
    // The fence comes after all of them: whoever has it is still served, whatever it has missed.
    const hasFence = (drained.sequences.at(-1) ?? -1) >= firstSequence + published;
    return isCounted && drained.end === undefined && hasFence;
  };
  const sceneOf = (client: LabClient): StalledScene => stall(lab, [client], witnesses, eventBytes);
  if (!(await isKept(behindHuge(lab, sceneOf(veteran))))) return undefined;
  // A hub that keeps everybody is judged elsewhere (slow-client.evicted).
  if (await isKept(await stallClients(lab, 1, HUGE_EVENT_BYTES, witnesses))) return undefined;
  // For a connection that has carried much, kernels have larger buffers: now every event that waits is counted.
  const other = await lab.witness({ window: 'small' });
  await behindHuge(lab, sceneOf(other)).fill(lab.settings.clientBufferMessages);
  other.resumeReading();
  await lab.fence([...witnesses, other]);
  if (!(await isKept(sceneOf(other)))) return undefined;
  return fail(
    {
      expected: `a client with more than ${lab.settings.clientBufferMessages} messages waiting is disconnected, also one that has been behind before`,
      got: 'one that had caught up was kept, and received what was broadcast afterwards; one that had never been behind was disconnected',
    },
    FACTS,
  );
}
