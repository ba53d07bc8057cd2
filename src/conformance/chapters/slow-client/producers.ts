// What producers notice of a stalled client: nothing. Each broadcast is accepted at once.
import type { Check } from '../../check.ts';
import { CheckEnded, fail, pass } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { median, slowestStretch } from '../../median.ts';
import { millisOf, oneLate, slowestOf, type TimedWork, usuallyLate } from '../../timed-work.ts';
import { MOST_MEDIAN_FACTOR } from './isolation.ts';
import { HUGE_EVENT_BYTES, ISOLATION_CLAUSE, stallClients } from './stalled.ts';

const [PRODUCED_EVENTS, FEWEST_EVENTS] = [300, 30];
/** The stalled client may be evicted on the way, and then delays end: what counts is the time before that. */
const STRETCH_EVENTS = 30;
/** Broadcasts between two waits for the healthy client, so that it is never behind. */
const PACE_EVENTS = 8;
/** A correct hub needs milliseconds for all of them together. */
const MOST_ONE_MILLIS = 1_000;
const MOST_USUAL_MILLIS = 50;

export const producersUnharmed: Check = {
  id: 'slow-client.producers-unharmed',
  chapter: 'slow-client',
  title: 'a producer is not delayed while a client is stalled',
  level: 'must',
  clause: ISOLATION_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 180_000,
  explain:
    'The broadcast is called from the middle of a deploy: a hub that waits there for a frozen dashboard stops the deploy. One client stalls with a quarter of its buffer queued, then with all of it. Meanwhile the check broadcasts 300 small events (fewer where the hub is slow) one after the other and measures the time until each is accepted. None may take a second and ten times what they took before, and in no thirty in a row may half take both fifty milliseconds and ten times what they took before.',
  isolation: 'alone',
  async run(lab) {
    const witness = await lab.witness();
    const count = lab.affordable({ wanted: PRODUCED_EVENTS, fewest: FEWEST_EVENTS, underWay: PACE_EVENTS });
    const calm = await timeProducer(lab, Math.ceil(count / 10), witness);
    const scene = await stallClients(lab, 1, HUGE_EVENT_BYTES, [witness]);
    await scene.fill(Math.max(2, Math.floor(lab.settings.clientBufferMessages / 4)));
    const held = await timeProducer(lab, count, witness);
    const longest = slowestOf(held);
    const usualMillis = slowestStretch(millisOf(held), STRETCH_EVENTS);
    const calmMillis = median(millisOf(calm));
    const mostMillis = Math.max(MOST_ONE_MILLIS, Math.round(calmMillis * MOST_MEDIAN_FACTOR));
    const mostUsualMillis = Math.max(MOST_USUAL_MILLIS, calmMillis * MOST_MEDIAN_FACTOR);
    if (longest.tookMillis <= mostMillis && usualMillis <= mostUsualMillis)
      return pass({
        evidence: [`${usualMillis.toFixed(1)} ms, ${calmMillis.toFixed(1)} ms before the client stalled`],
      });
    return fail(
      {
        expected: `each broadcast is accepted at once, as before the client stalled (${calmMillis.toFixed(1)} ms)`,
        got: `of ${STRETCH_EVENTS} in a row half took ${usualMillis.toFixed(1)} ms or more, the longest ${Math.round(longest.tookMillis)} ms`,
      },
      {
        basis:
          usualMillis > mostUsualMillis
            ? usuallyLate(held, usualMillis, mostUsualMillis)
            : oneLate(longest, mostMillis),
      },
    );
  },
};

/** How long each of so many small broadcasts took to be accepted; they arrive before this resolves. */
async function timeProducer(lab: Lab, count: number, witness: LabClient): Promise<TimedWork[]> {
  const timed: TimedWork[] = [];
  for (let sent = 0; sent < count; sent++) {
    const fromMillis = lab.elapsedMillis();
    const { outcome } = await lab.tryBurst([{}]);
    timed.push({ fromMillis, tookMillis: lab.elapsedMillis() - fromMillis });
    const expected = 'broadcasts are accepted while a client is stalled';
    if (!outcome.ok) throw new CheckEnded(await lab.refusal(outcome, { expected, whenRefused: 'fail' }));
    if (sent % PACE_EVENTS === PACE_EVENTS - 1) await lab.fence([witness]);
  }
  await lab.fence([witness]);
  return timed;
}
