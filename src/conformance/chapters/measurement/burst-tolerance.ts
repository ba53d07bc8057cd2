// The largest burst that a reader survives who has nothing waiting and reads as fast as it can.
import type { Check } from '../../check.ts';
import { type Finding, pass, unmeasured } from '../../finding.ts';
import { describeState } from '../../lab/client/client-state.ts';
import type { Lab } from '../../lab/lab.ts';
import { burstsAtOnce, describeRate } from '../../lab/route/burst-unordered.ts';
import { describeRefusal } from '../../lab/route/refusal.ts';
import { blanks } from '../delivery/account.ts';
import { orUnmeasured } from './or-unmeasured.ts';

const READERS = 2;
const MOST_MESSAGES = 2_000;
/** Of a hub that takes one event a request: enough to measure the rate that is reached. */
const MOST_SINGLE_MESSAGES = 500;
const TRIES = 3;
const FIRST_MESSAGES = 16;
const BURST_MILLIS = 5_000;
const QUIET_MILLIS = 500;
const MOST_STEPS = 14;
/** A slow hub gets an interval: the search ends after so long. */
const SEARCH_MILLIS = 10_000;

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
    'A hub that distributes all its events before any writer gets a turn evicts clients that read as fast as they can, at the first burst larger than their buffer: a deploy with many steps disconnects every dashboard. Two idle readers receive bursts of ordinary events, as fast as the adapter accepts them, up to 2,000 (500 when each event is a separate request: then many requests are made at the same time, and the rate that was reached is reported, since no burst may have reached the hub). `burstToleranceMessages` is the largest burst that both survived with every event in each of three tries; the upper end of the interval is the smallest that they did not.',
  isolation: 'alone',
  run: (lab) => orUnmeasured(['burstToleranceMessages'], () => searchTolerance(lab)),
};

async function searchTolerance(lab: Lab): Promise<Finding> {
  let [survived, failed] = [0, undefined as number | undefined];
  let problem: string | undefined;
  let rate = '';
  // Only after the first is it known whether the hub takes many events in one request.
  let next: number | undefined = FIRST_MESSAGES;
  const mayGoOn = (): boolean => !lab.signal.aborted && lab.elapsedMillis() < SEARCH_MILLIS;
  for (let step = 0; step < MOST_STEPS && next !== undefined && (step === 0 || mayGoOn()); step++) {
    const found = await findProblem(lab, next);
    if (found.rate !== undefined) rate = found.rate;
    if (found.problem === undefined) survived = next;
    else [failed, problem] = [next, found.problem];
    next = chooseNext(survived, failed, mostMessages(lab));
  }
  return describe(survived, failed, problem, rate);
}

/** What the hub takes in the time for a burst. */
function mostMessages(lab: Lab): number {
  const most = lab.abilities.batch ? MOST_MESSAGES : MOST_SINGLE_MESSAGES;
  const [wanted, fewest] = [TRIES * most, TRIES * FIRST_MESSAGES];
  const inTime = lab.affordable({ wanted, fewest, atOnce: burstsAtOnce(lab) });
  return Math.floor(inTime / TRIES);
}

/** The most at first; then upwards by doubling, then halving the rest until it is within 3 percent. */
export function chooseNext(survived: number, failed: number | undefined, most: number): number | undefined {
  if (failed === undefined) return survived < most ? most : undefined;
  if (failed - survived <= Math.max(1, survived * 0.03)) return undefined;
  return survived === 0
    ? Math.floor(failed / 2) || undefined
    : Math.min(survived * 2, Math.floor((survived + failed) / 2));
}

const NAME = 'burstToleranceMessages';

function describe(
  survived: number,
  failed: number | undefined,
  problem: string | undefined,
  rate: string,
): Finding {
  if (failed === undefined && rate !== '') {
    const reason = `no burst reached the hub, which takes one event a request: ${rate}`;
    return pass({ evidence: [reason], measurements: { [NAME]: { value: null, low: survived, reason } } });
  }
  if (failed === undefined) return pass({ measurements: { [NAME]: { value: survived, low: survived } } });
  if (survived === 0) return unmeasured([NAME], `not even ${failed} events: ${problem ?? ''}`);
  return pass({
    evidence: [`a burst of ${failed}: ${problem ?? ''}`, ...(rate === '' ? [] : [rate])],
    measurements: { [NAME]: { value: survived, low: survived, high: failed } },
  });
}

interface Tried {
  readonly problem: string | undefined;
  /** Of a hub that takes one event a request: how fast they went. */
  readonly rate: string | undefined;
}

/** No problem when idle readers got the whole burst, several times. */
async function findProblem(lab: Lab, messages: number): Promise<Tried> {
  let tried: Tried = { problem: undefined, rate: undefined };
  for (let attempt = 0; attempt < TRIES && tried.problem === undefined; attempt++)
    tried = await tryBurst(lab, messages);
  return tried;
}

async function tryBurst(lab: Lab, messages: number): Promise<Tried> {
  const readers = await lab.witnesses(READERS);
  const countOf = (reader: (typeof readers)[number]): number => reader.record.sequences.length;
  const isOver = (): boolean => readers.every((reader) => countOf(reader) >= messages || !reader.isOpen);
  try {
    const { outcome, isOneEach, tookMillis } = await lab.burstUnordered(blanks(messages), BURST_MILLIS);
    const rate = isOneEach ? describeRate(messages, tookMillis) : undefined;
    if (!outcome.ok) return { rate, problem: await describeRefusal(lab, outcome, `${messages} events`) };
    for (let before = -1; ; ) {
      if (await lab.until(isOver, `a burst of ${messages}`, QUIET_MILLIS)) break;
      const now = readers.reduce((sum, reader) => sum + countOf(reader), 0);
      if (now === before || lab.signal.aborted) break;
      before = now;
    }
    const unlucky = readers.find((reader) => countOf(reader) < messages || !reader.isOpen);
    return { rate, problem: unlucky && describeState(unlucky) };
  } finally {
    for (const reader of readers) reader.destroy();
  }
}
