// What healthy clients notice of stalled ones: nothing. Every event reaches them in time, and new clients are accepted.
import type { Check } from '../../check.ts';
import { type Finding, fail, pass } from '../../finding.ts';
import { findEventBytes } from '../../lab/backlog.ts';
import { findLateDial } from '../../lab/client/timed-dial.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { median } from '../../median.ts';
import { millisOf, oneLate, slowestOf, type TimedWork, usuallyLate } from '../../timed-work.ts';
import { blanks, findFirstBreach } from '../delivery/account.ts';
import {
  HUGE_EVENT_BYTES,
  ISOLATION_CLAUSE,
  LARGE_EVENT_BYTES,
  type StalledScene,
  stall,
} from './stalled.ts';

const STALLED_CLIENTS = 20;
/** Stalled clients that join before the next healthy one; odd, so that a hub that skips one after each it evicts skips it. */
const BETWEEN_HEALTHY = 5;
/** Events from when the twenty should overflow to when they must have. */
const BEYOND = 8;
/** A hub whose writes have a time limit may have disconnected it after so long. */
const MOST_LAG_MILLIS = 2_000;
/** A hub that waits a second for each slow client shows 20 s here; a loaded machine shows far less than this. */
const MOST_DELAY_MILLIS = 1_000;
/** Half of all events later than this, and ten times later than without stalled clients, is not chance. */
const MOST_MEDIAN_MILLIS = 100;
/** How much longer than without stalled clients the median may be. */
export const MOST_MEDIAN_FACTOR = 10;
const [EVENTS_BEFORE, FEWEST_BEFORE] = [12, 3];

export const othersUnharmed: Check = {
  id: 'slow-client.others-unharmed',
  chapter: 'slow-client',
  title: 'twenty clients that stall and overflow at once neither delay nor disturb the others',
  level: 'must',
  clause: ISOLATION_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 240_000,
  explain:
    'One frozen dashboard must not freeze all of them. Twenty clients stop reading; events are broadcast one by one past the point where all twenty overflow on the same event. Every event must reach the healthy clients, some of which joined before them and some between them, none later than a second (a correct hub needs milliseconds), or ten times what an event of its size took before the clients stalled, and half of them no later than ten times that, and a client that connects right then must be accepted within two seconds. The client that joined first and one that joins last have half a buffer queued when the twenty overflow: they resume reading and must receive all of it. Hubs fail here that block, deadlock, crash, skip a client when they evict, also evict clients that are merely behind, evict another client than the full one, or wait a little for each slow client.',
  isolation: 'alone',
  async run(lab) {
    const elder = await lab.witness({ window: 'small' });
    const healthy = await lab.witnesses(4);
    const stalled = await stallAmongHealthy(lab, healthy);
    const before = healthy[0]?.record.sequences.length ?? 0;
    const { events, earlier, largest, breachOfLaggard, newcomer, dial } = await overflowTogether(
      lab,
      stalled,
      elder,
    );
    const first = healthy[0]?.record.sequences.slice(0, before) ?? [];
    const calm = first.slice(-stalled.calmEvents);
    const breach =
      findFirstBreach(healthy, [...first, ...events]) ??
      findFirstBreach(stalled.between, [...calm, ...events]) ??
      breachOfLaggard;
    if (breach) return breach;
    await lab.join([newcomer]);
    await lab.fence([...stalled.scene.witnesses, newcomer]);
    return findLateDial(dial, 'when others were evicted') ?? judgeDelays(earlier, largest, stalled);
  },
};

/** The stalled clients overflow when the first and the last of all are half full: only a full buffer is a reason to evict. */
async function overflowTogether(lab: Lab, { scene, largestBytes }: StalledAmongHealthy, elder: LabClient) {
  const { clientBufferMessages } = lab.settings;
  const half = Math.max(1, Math.floor(clientBufferMessages / 2));
  const earlier = await scene.fill(clientBufferMessages + 4 - half);
  const lastOfEarlier = earlier.sequences.at(-1);
  await elder.until(() => elder.record.sequences.at(-1) === lastOfEarlier, 'what came before it stalls');
  const ofElder = [...elder.record.sequences];
  // A new connection: kernels take less for it, so that it is the one to count by. Events that kernels do not take all of,
  // then small ones.
  const laggard = await lab.witness({ window: 'small' });
  elder.stopReading();
  const startMillis = lab.elapsedMillis();
  const large = await stall(lab, [laggard], scene.witnesses, largestBytes).fill(Math.ceil(half / 2), 'fewer');
  const rest = Math.max(0, half + BEYOND - large.sequences.length);
  const small = await lab.publish(blanks(rest), scene.witnesses);
  const lagMillis = lab.elapsedMillis() - startMillis;
  const waiting = [...large.sequences, ...small.map(({ sequence }) => sequence)];
  for (const client of [elder, laggard]) client.readOn();
  // At once, while the hub still has to do with those that it has evicted.
  const fromMillis = lab.elapsedMillis();
  const newcomer = await lab.connect();
  const dial = { fromMillis, tookMillis: lab.elapsedMillis() - fromMillis };
  const isOver = ({ record, isOpen }: LabClient): boolean =>
    !isOpen || record.faults.length > 0 || record.sequences.at(-1) === waiting.at(-1);
  await laggard.until(() => isOver(elder) && isOver(laggard), 'what was waiting for clients that are behind');
  const mayJudge = waiting.length <= clientBufferMessages && lagMillis <= MOST_LAG_MILLIS;
  lab.note(
    `${waiting.length} events for clients that were behind for ${Math.round(lagMillis)} ms${mayJudge ? '' : ': not judged'}`,
  );
  const breachOfLaggard = mayJudge
    ? (findFirstBreach([laggard], waiting) ?? findFirstBreach([elder], [...ofElder, ...waiting]))
    : undefined;
  return {
    events: [...earlier.sequences, ...waiting],
    earlier: earlier.deliveries,
    largest: large.deliveries,
    breachOfLaggard,
    newcomer,
    dial,
  };
}

interface StalledAmongHealthy {
  readonly scene: StalledScene;
  /** Healthy clients that joined after some of the stalled ones. */
  readonly between: readonly LabClient[];
  /** More than their own events have, or as large as the hub takes. */
  readonly largestBytes: number;
  /** Of the events that fill the buffers of the stalled. */
  readonly eventBytes: number;
  /** Events of this size before any of them stalled. */
  readonly calmEvents: number;
  /** What an event of `eventBytes` took in the middle of several, to the same clients, before any of them stalled. */
  readonly calmMillis: number;
}

async function stallAmongHealthy(lab: Lab, healthy: readonly LabClient[]): Promise<StalledAmongHealthy> {
  const largestBytes = await findEventBytes(lab, HUGE_EVENT_BYTES, healthy);
  const eventBytes = Math.min(LARGE_EVENT_BYTES, largestBytes);
  const stalled: LabClient[] = [];
  const between: LabClient[] = [];
  while (stalled.length < STALLED_CLIENTS) {
    stalled.push(...(await lab.witnesses(BETWEEN_HEALTHY, { window: 'small' })));
    between.push(await lab.witness());
  }
  const everybody = [...healthy, ...between, ...stalled];
  const calmMillis: number[] = [];
  const calmEvents = lab.affordable({ wanted: EVENTS_BEFORE, fewest: FEWEST_BEFORE, underWay: 1 });
  for (let sent = 0; sent < calmEvents; sent++) {
    const startMillis = lab.elapsedMillis();
    await lab.publish([{ paddingBytes: eventBytes }], everybody);
    calmMillis.push(lab.elapsedMillis() - startMillis);
  }
  const scene = stall(lab, stalled, [...healthy, ...between], eventBytes);
  return { scene, between, largestBytes, eventBytes, calmEvents, calmMillis: median(calmMillis) };
}

/** @param largest of the events of `largestBytes`, which may take longer in that ratio. */
function judgeDelays(
  earlier: readonly TimedWork[],
  largest: readonly TimedWork[],
  { calmMillis, eventBytes, largestBytes }: StalledAmongHealthy,
): Finding {
  const usualMillis = Math.round(median(millisOf(earlier)));
  const longestMillis = Math.round(slowestOf([...earlier, ...largest]).tookMillis);
  const measurements = { slowestDeliveryMillis: { value: longestMillis } };
  for (const [deliveries, bytes] of [
    [earlier, eventBytes],
    [largest, largestBytes],
  ] as const) {
    const calmForBytes = (calmMillis * bytes) / eventBytes;
    const mostMillis = Math.max(MOST_DELAY_MILLIS, Math.round(calmForBytes * MOST_MEDIAN_FACTOR));
    const slowest = slowestOf(deliveries);
    const tookMillis = Math.round(slowest.tookMillis);
    if (tookMillis > mostMillis)
      return fail(
        {
          expected: `every event of ${bytes} bytes reaches the healthy clients within ${mostMillis} ms`,
          got: `one took ${tookMillis} ms while ${STALLED_CLIENTS} clients were stalled`,
        },
        { measurements, basis: oneLate(slowest, mostMillis) },
      );
  }
  const mostUsualMillis = Math.max(MOST_MEDIAN_MILLIS, calmMillis * MOST_MEDIAN_FACTOR);
  if (usualMillis > mostUsualMillis)
    return fail(
      {
        expected: `events reach the healthy clients as fast as without slow ones (${Math.round(calmMillis)} ms)`,
        got: `half of them took ${usualMillis} ms or more while ${STALLED_CLIENTS} clients were stalled`,
      },
      { measurements, basis: usuallyLate(earlier, usualMillis, mostUsualMillis) },
    );
  return pass({ measurements });
}
