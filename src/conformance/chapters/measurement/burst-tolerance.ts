// The largest burst that a reader survives who has nothing waiting and reads as fast as it can.
import type { Check } from '../../check.ts';
import { type Finding, pass, unmeasured } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import { describeState } from '../../lab/publishing.ts';
import { blanks } from '../delivery/account.ts';
import { orUnmeasured } from './or-unmeasured.ts';

const READERS = 2;
const MOST_MESSAGES = 2_000;
/** What a hub that takes events one by one gets through in time. */
const MOST_SINGLE_MESSAGES = 500;
const TRIES = 3;
const FIRST_MESSAGES = 16;
const BURST_MILLIS = 5_000;
const QUIET_MILLIS = 500;
const MOST_STEPS = 14;

export const burstTolerance: Check = {
  id: 'measurement.burst-tolerance',
  chapter: 'measurement',
  title: 'the largest burst of events that a healthy reader survives',
  level: 'info',
  clause: {
    source: 'protocol: Hub Architecture',
    quote: '**Broadcast channel** — buffered at 256 messages',
  },
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A hub that distributes all its events before any writer gets a turn evicts clients that read as fast as they can, at the first burst larger than their buffer: a deploy with many steps disconnects every dashboard. Two idle readers receive bursts of ordinary events, as fast as the adapter accepts them, up to 2,000 (500 when each event is a separate request). `burstToleranceMessages` is the largest burst that both survived with every event in each of three tries; the upper end of the interval is the smallest that they did not.',
  isolation: 'alone',
  run: (lab) => orUnmeasured(['burstToleranceMessages'], () => searchTolerance(lab)),
};

async function searchTolerance(lab: Lab): Promise<Finding> {
  let [survived, failed] = [0, undefined as number | undefined];
  let problem: string | undefined;
  // Only after the first is it known whether the hub takes many events in one request.
  let next: number | undefined = FIRST_MESSAGES;
  for (let step = 0; step < MOST_STEPS && next !== undefined && !lab.signal.aborted; step++) {
    const found = await findProblem(lab, next);
    if (found === undefined) survived = next;
    else [failed, problem] = [next, found];
    const most = lab.abilities.batch ? MOST_MESSAGES : MOST_SINGLE_MESSAGES;
    next = chooseNext(survived, failed, most);
  }
  return describe(survived, failed, problem);
}

/** The most at first; then upwards by doubling, then halving the rest until it is within 3 percent. */
export function chooseNext(survived: number, failed: number | undefined, most: number): number | undefined {
  if (failed === undefined) return survived < most ? most : undefined;
  if (failed - survived <= Math.max(1, survived * 0.03)) return undefined;
  return survived === 0
    ? Math.floor(failed / 2) || undefined
    : Math.min(survived * 2, Math.floor((survived + failed) / 2));
}

function describe(survived: number, failed: number | undefined, problem: string | undefined): Finding {
  if (failed === undefined)
    return pass({ measurements: { burstToleranceMessages: { value: survived, low: survived } } });
  if (survived === 0)
    return unmeasured(['burstToleranceMessages'], `not even ${failed} events: ${problem ?? ''}`);
  return pass({
    evidence: [`a burst of ${failed}: ${problem ?? ''}`],
    measurements: { burstToleranceMessages: { value: survived, low: survived, high: failed } },
  });
}

/** Undefined when idle readers got the whole burst, several times. */
async function findProblem(lab: Lab, messages: number): Promise<string | undefined> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const problem = await tryBurst(lab, messages);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

async function tryBurst(lab: Lab, messages: number): Promise<string | undefined> {
  const readers = await lab.witnesses(READERS);
  const countOf = (reader: (typeof readers)[number]): number => reader.record.sequences.length;
  const isOver = (): boolean => readers.every((reader) => countOf(reader) >= messages || !reader.isOpen);
  try {
    const { outcome } = await lab.tryBurst(blanks(messages), BURST_MILLIS);
    if (!outcome.ok) return `the hub did not take it: ${outcome.problem}`;
    for (let before = -1; ; ) {
      if (await lab.until(isOver, `a burst of ${messages}`, QUIET_MILLIS)) break;
      const now = readers.reduce((sum, reader) => sum + countOf(reader), 0);
      if (now === before || lab.signal.aborted) break;
      before = now;
    }
    const unlucky = readers.find((reader) => countOf(reader) < messages || !reader.isOpen);
    return unlucky && describeState(unlucky);
  } finally {
    for (const reader of readers) reader.destroy();
  }
}
