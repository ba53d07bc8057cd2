// Clients that join while events flow: they are served, and stay.
import type { Check } from '../../../check.ts';
import { RUN_LOOP_CLAUSE } from '../../../clauses.ts';
import { FACTS, type Finding, fail, pass } from '../../../finding.ts';
import { basisOf, describeState } from '../../../lab/client/client-state.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { LabClient } from '../../../lab/lab-client.ts';
import { SLOW_EVENT_MILLIS } from '../../../lab/route/affordable.ts';
import { blanks } from '../account.ts';
import { findDifference } from './newcomer-order.ts';

/** So many that some come in the middle of what the hub has queued. */
const NEWCOMERS = 120;
/** How many dial at the same time. */
const NEWCOMERS_AT_ONCE = 4;
/** Each flow publishes the next events as soon as its last ones have arrived: there is always an event on its way. */
const [FLOWS, FLOW_EVENTS] = [2, 8];
/** A slow route carries so many side by side. */
const SLOW_FLOWS = FLOWS * FLOW_EVENTS;
const STAYS_EVENTS = 24;
/** What a newcomer costs on a slow route, in events one after the other, and how many of them prove something. */
const [EVENTS_A_DIAL, FEWEST_DIALS] = [1 + Math.ceil(STAYS_EVENTS / SLOW_FLOWS), 3];

export const newcomersWhileBusy: Check = {
  id: 'delivery.newcomers-while-busy',
  chapter: 'delivery',
  title: 'a client can join while events flow without a pause',
  level: 'must',
  clause: RUN_LOOP_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A run loop that prefers broadcasts to registrations accepts nobody on a busy day, and a client that joins in the middle of a broadcast may be disconnected by it. Events flow to four witnesses, which must receive all of them, while 120 clients (fewer where the hub is slow) connect, four at a time; each must receive an event and, from the first that it received, the next 24 without a gap.',
  isolation: 'alone',
  blockedBy: ['delivery.joined-soon'],
  async run(lab) {
    const witnesses = await lab.witnesses(4);
    let isOver = false;
    const [flowCount, flowEvents] =
      lab.routeMillis < SLOW_EVENT_MILLIS ? [FLOWS, FLOW_EVENTS] : [SLOW_FLOWS, 1];
    const flow = async (): Promise<void> => {
      while (!isOver) await lab.publish(blanks(flowEvents), witnesses);
    };
    const wantedDials = NEWCOMERS / NEWCOMERS_AT_ONCE;
    const affordableEvents = lab.affordable({
      wanted: wantedDials * EVENTS_A_DIAL,
      fewest: FEWEST_DIALS * EVENTS_A_DIAL,
      underWay: SLOW_FLOWS,
      deliveriesEach: (1 + STAYS_EVENTS) / EVENTS_A_DIAL,
    });
    const flows = Promise.all(Array.from({ length: flowCount }, flow));
    flows.catch(() => {}); // reported when it is awaited
    const lane = async (): Promise<Finding | undefined> => {
      let breach: Finding | undefined;
      for (let dial = 0; dial < affordableEvents / EVENTS_A_DIAL && breach === undefined; dial++)
        breach = await judgeNewcomer(lab, witnesses[0] as LabClient);
      return breach;
    };
    try {
      const breaches = await Promise.all(Array.from({ length: NEWCOMERS_AT_ONCE }, lane));
      return breaches.find((breach) => breach !== undefined) ?? pass();
    } finally {
      isOver = true;
      await flows;
    }
  },
};

async function judgeNewcomer(lab: Lab, witness: LabClient): Promise<Finding | undefined> {
  const client = await lab.connect();
  const { record } = client;
  if (!(await client.until(() => record.messages > 0, 'any event while events flow'))) {
    return fail(
      { expected: 'a client that connects while events flow receives one', got: describeState(client) },
      basisOf(client),
    );
  }
  const stays = await client.until(() => record.sequences.length >= STAYS_EVENTS, 'the next events');
  const got = record.sequences.slice(0, STAYS_EVENTS);
  const difference = findDifference(got, witness.record.sequences, `client ${witness.name}`);
  if (!stays || difference !== undefined) {
    return fail(
      {
        expected: `a client that connects while events flow receives the next ${STAYS_EVENTS} events as the others do`,
        got:
          difference === undefined ? describeState(client) : `client ${client.name} received ${difference}`,
      },
      difference === undefined ? basisOf(client) : FACTS,
    );
  }
  client.destroy();
  // Else each would come at the same moment of a batch.
  await lab.pause(lab.random.between(0, 3));
  return undefined;
}
