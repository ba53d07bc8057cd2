// Events arrive at once, not when a timer of the hub fires.
import type { Check } from '../../check.ts';
import { CheckEnded, fail, pass, skip } from '../../finding.ts';
import { basisOf, describeState } from '../../lab/client/client-state.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { median } from '../../median.ts';
import { type TimedWork, usuallyLate } from '../../timed-work.ts';

const [EVENTS, FEWEST_EVENTS] = [15, 3];
/** A correct hub needs a few milliseconds; a loaded machine shows less than this in the middle of all. */
const MOST_MEDIAN_MILLIS = 200;

export const promptDelivery: Check = {
  id: 'delivery.prompt',
  chapter: 'delivery',
  title: 'events reach healthy clients without delay',
  level: 'should',
  clause: {
    source: 'protocol: WebSocket',
    quote: 'Norn uses WebSocket for real-time event broadcasting.',
  },
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'A hub that polls its queue, or collects events before it sends them, shows a deploy that lags behind itself. Fifteen events are broadcast, each when the one before has reached three clients; half of them must have arrived within 200 ms of their broadcast. Where the broadcast route itself takes that long, and the events arrive soon after its answer or before it, nobody can see from outside what the hub needs, and the check is skipped.',
  isolation: 'alone',
  // What makes all checks that broadcast slow must not leave out the one that reports it.
  isEarlyOn: async (_target, _clock, { aloneMillis }) => aloneMillis > MOST_MEDIAN_MILLIS,
  async run(lab) {
    const clients = await lab.witnesses(3);
    const timed: TimedEvent[] = [];
    const count = lab.affordable({ wanted: EVENTS, fewest: FEWEST_EVENTS, underWay: 1 });
    for (let sent = 0; sent < count; sent++) timed.push(await timeEvent(lab, clients));
    const medianOf = (key: keyof TimedEvent): number => Math.round(median(timed.map((event) => event[key])));
    const arrivedMillis = medianOf('tookMillis');
    const answeredMillis = medianOf('answeredMillis');
    if (arrivedMillis <= MOST_MEDIAN_MILLIS) return pass();
    if (answeredMillis > MOST_MEDIAN_MILLIS && medianOf('behindMillis') <= MOST_MEDIAN_MILLIS)
      return skip(
        `the broadcast route takes ${answeredMillis} ms for an event, which hides what the hub takes`,
      );
    return fail(
      {
        expected: `half of the events arrive within ${MOST_MEDIAN_MILLIS} ms`,
        got: `half of them took ${arrivedMillis} ms or more`,
      },
      { basis: usuallyLate(timed, arrivedMillis, MOST_MEDIAN_MILLIS) },
    );
  },
};

/** It took from the broadcast until all clients had it. */
interface TimedEvent extends TimedWork {
  /** From the broadcast until its answer. */
  readonly answeredMillis: number;
  /** From the answer until all clients had it. */
  readonly behindMillis: number;
}

async function timeEvent(lab: Lab, clients: readonly LabClient[]): Promise<TimedEvent> {
  const fromMillis = lab.elapsedMillis();
  let tookMillis = 0;
  const { sequence, text } = lab.series.next();
  const broadcasting = lab.tryBroadcast([text]).then((outcome) => ({
    outcome,
    answeredMillis: lab.elapsedMillis() - fromMillis,
  }));
  const findLacking = () => clients.find(({ record }) => !record.sequences.includes(sequence));
  const arriving = lab
    .until(
      () => findLacking() === undefined,
      `event #${sequence} at all clients`,
      lab.settings.waitMillis + lab.routeMillis,
    )
    .then(() => {
      tookMillis = lab.elapsedMillis() - fromMillis;
    });
  const { outcome, answeredMillis } = await broadcasting;
  if (!outcome.ok) throw new CheckEnded(await lab.refusal(outcome, { expected: 'the hub takes an event' }));
  await arriving;
  const lacking = findLacking();
  if (lacking !== undefined)
    throw new CheckEnded(
      fail(
        { expected: `event #${sequence} reaches client ${lacking.name}`, got: describeState(lacking) },
        basisOf(lacking),
      ),
    );
  return { fromMillis, tookMillis, answeredMillis, behindMillis: Math.max(0, tookMillis - answeredMillis) };
}
