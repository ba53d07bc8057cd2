// Registration race: does a client that has seen 101 get the very next event?
import type { Check } from '../../check.ts';
import { LIVE_UPDATES_CLAUSE } from '../../clauses.ts';
import { CheckEnded, fail, pass, unmeasured } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { shareWithin } from './share.ts';

/** Ten dials one after the other, then five at once: hubs lose the race alone and in groups. */
const ROUND_DIALS = [...Array<number>(10).fill(1), 5];
const MOST_DIALS = 300;
const FEWEST_DIALS = 45;
/** On a slow route: some alone, and a group. */
const FEWEST_SLOW_DIALS = 10;
const BUDGET_MILLIS = 4_000;
const AT_ONCE_MILLIS = 50;
/** A client that has neither its event nor a later one after this was registered too late for both. */
const LATE_MILLIS = 2_000;

export const registerRace: Check = {
  id: 'measurement.register-race',
  chapter: 'measurement',
  title: 'a client that has seen 101 receives the next event',
  level: 'should',
  clause: LIVE_UPDATES_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A hub that answers 101 first and registers the client a moment later loses events broadcast in between without a trace: a command-line client that connects and then deploys waits for a step that has passed. 300 clients connect, two of three alone and the others in groups of five (fewer when that takes more than 4 s); each broadcasts an event as soon as it has seen 101, and misses it when a later event arrives without it. `registerRacePercent` is the share of clients that missed, with its 95 % interval. The race is random: 0 % of 300 is still compatible with 1 %. Fix: register the client before writing the 101.',
  isolation: 'alone',
  async run(lab) {
    const witness = await lab.witness();
    const startMillis = lab.elapsedMillis();
    const mostDials = lab.affordable({ wanted: MOST_DIALS, fewest: FEWEST_SLOW_DIALS, underWay: 1 });
    const fewestDials = Math.min(FEWEST_DIALS, mostDials);
    const hasTime = (): boolean => lab.elapsedMillis() - startMillis < BUDGET_MILLIS;
    let [dials, missed] = [0, 0];
    while (dials < mostDials && (hasTime() || (missed === 0 && dials < fewestDials))) {
      // Both kinds in every round, so that a hub for which there is no time for all is tested in both ways.
      for (const size of ROUND_DIALS) {
        if (missed > 0 && !hasTime()) break;
        missed += await countMissed(lab, witness, size);
        dials += size;
      }
    }
    const share = shareWithin(missed, dials);
    if (share === undefined) return unmeasured(['registerRacePercent'], 'no client could connect in time');
    const extras = {
      evidence: [`${missed} of ${dials} clients missed the event broadcast right after their 101`],
      measurements: { registerRacePercent: share },
    };
    if (missed === 0) return pass(extras);
    const got = `${missed} of ${dials} clients (${share.value.toFixed(1)} %) missed it`;
    return fail({ expected: 'a client that has seen 101 receives the next event', got }, extras);
  },
};

/** Connects so many at once; each broadcasts an event as soon as it is in. Gives how many missed their own. */
async function countMissed(lab: Lab, witness: LabClient, size: number): Promise<number> {
  const newcomers = await Promise.all(Array.from({ length: size }, () => dialAndPublish(lab)));
  const lacking = () =>
    newcomers.filter(({ client, sequence }) => !client.record.sequences.includes(sequence));
  if (!(await lab.until(() => lacking().length === 0, 'the first event of a client', AT_ONCE_MILLIS))) {
    // Not there yet, or lost? The next event tells.
    const fence = await lab.fence([witness]);
    const isDecided = (): boolean =>
      lacking().every(({ client }) => client.record.sequences.includes(fence) || !client.isOpen);
    await lab.until(isDecided, 'an event after the first', LATE_MILLIS);
  }
  const missed = lacking().length;
  for (const { client } of newcomers) client.destroy();
  return missed;
}

async function dialAndPublish(lab: Lab): Promise<{ readonly client: LabClient; readonly sequence: number }> {
  const client = await lab.connect();
  const event = lab.series.next();
  const outcome = await lab.tryBroadcast([event.text]);
  if (!outcome.ok) throw new CheckEnded(await lab.refusal(outcome, { expected: 'the hub takes an event' }));
  return { client, sequence: event.sequence };
}
