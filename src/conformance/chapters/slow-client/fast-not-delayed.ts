// What each event loses on its way to fast clients while others are slow: nothing, not even some milliseconds.
import type { Check } from '../../check.ts';
import { CheckEnded, fail, pass, skip, warn } from '../../finding.ts';
import { basisOf, describeState } from '../../lab/client/client-state.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { SLOW_EVENT_MILLIS } from '../../lab/route/affordable.ts';
import { median } from '../../median.ts';
import { millisOf, type TimedWork, usuallyLate } from '../../timed-work.ts';
import {
  type Delay,
  findDelay,
  isSameDelay,
  MOST_PAUSE_MILLIS,
  type NeighborDelays,
  STRETCH_EVENTS,
} from './delays.ts';
import { ISOLATION_CLAUSE, LARGE_EVENT_BYTES, stallClients } from './stalled.ts';

const HEALTHY_CLIENTS = 3;
const STALLED_CLIENTS = 40;
/** More than none: the hub cannot write to any of them. */
const WAITING_EVENTS = 3;
/** Before the others stall, and afterwards. */
const CALM_EVENTS = 15;
/** Events from when the others should overflow to when they must have. */
const BEYOND = 8;
/** Chance may delay events of one round, but not of each. */
const ROUNDS = 3;
/** A hub that delays each event by a second has shown it with a few. */
const MOST_TIMED_MILLIS = 4_000;
/** A stretch before, two while others are stalled, and one afterwards. */
const FEWEST_TIMED = 4 * STRETCH_EVENTS;

export const fastNotDelayed: Check = {
  id: 'slow-client.fast-not-delayed',
  chapter: 'slow-client',
  title: 'events reach fast clients as fast while others are stalled',
  level: 'must',
  clause: ISOLATION_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A hub that waits 50 ms for each write, or a little for each client whose buffer is full, loses no event, and still every dashboard lags as long as one is frozen. Small events are timed to three healthy clients, one by one: before forty other clients stall, while they are stalled, until they overflow, and when they are gone. While they are stalled, a Ping of a healthy client must be answered, three quarters of fourteen events in a row may not take more than 25 ms and twice as long as three quarters of those before, and of those afterwards; no event may take more than 150 ms and five times as long as all but two of those before and afterwards. A hub fails when that happens three times in a row, each time with other clients, and to the same event; when it was only the event that overflows all of them, and took no more than 500 ms in two of the three, it is a warning, as some hubs give full clients a moment before they disconnect them: what a busy machine delays, it delays before and afterwards, too, and elsewhere the next time. On a slow broadcast route (20 ms an event) the check is skipped, since nobody can see from outside what the hub itself takes.',
  isolation: 'alone',
  blockedBy: ['slow-client.evicted', 'slow-client.others-unharmed'],
  async run(lab) {
    const healthy = await lab.witnesses(HEALTHY_CLIENTS);
    const lateRounds: { readonly delay: Delay; readonly work: readonly TimedWork[] }[] = [];
    if (lab.routeMillis >= SLOW_EVENT_MILLIS)
      return skip(
        `the broadcast route takes ${Math.round(lab.routeMillis)} ms for an event, which hides what the hub takes`,
      );
    lab.affordable({ wanted: FEWEST_TIMED, fewest: FEWEST_TIMED, underWay: 1 });
    for (let count = 0; count < ROUNDS; count++) {
      const round = await timeRound(lab, healthy);
      const delays = delaysOf(round);
      lab.note(describe(delays));
      const delay = findDelay(delays);
      const before = lateRounds.at(-1)?.delay;
      if (delay === undefined || (before !== undefined && !isSameDelay(before, delay))) return pass();
      const work = delay.at === undefined ? round.stalled : round.overflowing.slice(delay.at, delay.at + 1);
      lateRounds.push({ delay, work });
    }
    const last = lateRounds.at(-1);
    if (last === undefined) return pass();
    const { at, expected, got, tookMillis, allowedMillis } = last.delay;
    const usualMillis = median(lateRounds.map(({ delay }) => delay.tookMillis));
    const blame = at !== undefined && usualMillis <= MOST_PAUSE_MILLIS ? warn : fail;
    return blame({ expected, got }, { basis: usuallyLate(last.work, tookMillis, allowedMillis) });
  },
};

type Round = { readonly [Part in keyof NeighborDelays]: readonly TimedWork[] };

const delaysOf = ({ calm, stalled, overflowing, afterwards }: Round): NeighborDelays => ({
  calm: millisOf(calm),
  stalled: millisOf(stalled),
  overflowing: millisOf(overflowing),
  afterwards: millisOf(afterwards),
});

async function timeRound(lab: Lab, healthy: readonly LabClient[]): Promise<Round> {
  const calm = await timeSmallEvents(lab, CALM_EVENTS, healthy);
  const scene = await stallClients(lab, STALLED_CLIENTS, LARGE_EVENT_BYTES, healthy);
  await scene.fill(WAITING_EVENTS);
  const { clientBufferMessages } = lab.settings;
  // Whole stretches of events for which there is room.
  const stretches = Math.max(1, Math.floor((clientBufferMessages - WAITING_EVENTS) / STRETCH_EVENTS));
  const before = stretches * STRETCH_EVENTS;
  const stalled = await timeSmallEvents(lab, before, healthy);
  await pingBeside(healthy);
  const rest = stalled.length < before ? 0 : Math.max(0, clientBufferMessages - before) + BEYOND;
  const overflowing = await timeSmallEvents(lab, rest, healthy);
  for (const client of scene.stalled) client.destroy();
  // The hub is done with them when this has arrived.
  await lab.fence(healthy);
  const afterwards = await timeSmallEvents(lab, CALM_EVENTS, healthy);
  return { calm, stalled, overflowing, afterwards };
}

/** A hub that has one writer for all answers nobody while it waits for one. */
async function pingBeside([pinger]: readonly LabClient[]): Promise<void> {
  if (pinger === undefined || (await pinger.ping())) return;
  const expected = 'a Ping of a healthy client is answered while others are stalled';
  throw new CheckEnded(fail({ expected, got: describeState(pinger) }, basisOf(pinger)));
}

/** How long each of so many small events took to the healthy clients; fewer where they take long. */
async function timeSmallEvents(lab: Lab, count: number, healthy: readonly LabClient[]): Promise<TimedWork[]> {
  const timed: TimedWork[] = [];
  const untilMillis = lab.elapsedMillis() + MOST_TIMED_MILLIS;
  while (timed.length < count) {
    if (timed.length >= STRETCH_EVENTS && lab.elapsedMillis() >= untilMillis) break;
    const fromMillis = lab.elapsedMillis();
    await lab.fence(healthy);
    timed.push({ fromMillis, tookMillis: lab.elapsedMillis() - fromMillis });
  }
  return timed;
}

function describe(delays: NeighborDelays): string {
  const words: readonly (readonly [name: string, millis: readonly number[]])[] = [
    ['before', delays.calm],
    ['while others were stalled', delays.stalled],
    ['until they had overflowed', delays.overflowing],
    ['afterwards', delays.afterwards],
  ];
  const parts = words.map(([name, millis]) =>
    millis.length === 0
      ? `${name} not timed`
      : `${name} ${median(millis).toFixed(1)} (at most ${Math.max(...millis).toFixed(1)})`,
  );
  return `small events took, in ms: ${parts.join(', ')}`;
}
