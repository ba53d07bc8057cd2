// Every number of clients: tables that grow, and loops that serve clients in groups, go wrong at one of them.
import type { Check } from '../../../check.ts';
import { RUN_LOOP_CLAUSE } from '../../../clauses.ts';
import { pass } from '../../../finding.ts';
import type { LabClient } from '../../../lab/lab-client.ts';
import { findDeliveryBreach } from '../account.ts';

/** One more each time, up to a group of 64; then around 100 and 128. */
const NUMBERS = [
  ...Array.from({ length: 66 }, (_, at) => at + 1),
  ...[99, 100, 101, 102, 127, 128, 129, 130],
];
const FEWEST_NUMBERS = 4;
/** A nonce until the newcomers have joined, and the event for all. */
const EVENTS_A_NUMBER = 2;

export const everyNumberOfClients: Check = {
  id: 'delivery.every-number-of-clients',
  chapter: 'delivery',
  title: 'every client receives every event, whatever their number',
  level: 'must',
  clause: RUN_LOOP_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A hub that serves its clients in groups, or keeps them in a table that grows, may forget the last of a group, or the first after the table has grown: with 26 clients one of them receives nothing, with 25 or 27 all is well. 66 clients (fewer where the hub is slow) join one by one, then more up to 130; at each number an event must reach all that are connected, once.',
  isolation: 'alone',
  blockedBy: ['delivery.every-client-once-in-order', 'delivery.joined-soon'],
  async run(lab) {
    const [wanted, fewest] = [NUMBERS.length * EVENTS_A_NUMBER, FEWEST_NUMBERS * EVENTS_A_NUMBER];
    const count = Math.floor(lab.affordable({ wanted, fewest, underWay: 1 }) / EVENTS_A_NUMBER);
    const joined: { readonly client: LabClient; readonly eventsBefore: number }[] = [];
    const order: number[] = [];
    try {
      for (const number of NUMBERS.slice(0, count)) {
        const dials = Array.from({ length: number - joined.length }, () => lab.connect());
        const newcomers = await Promise.all(dials);
        joined.push(...newcomers.map((client) => ({ client, eventsBefore: order.length })));
        await lab.join(newcomers);
        order.push(await lab.fence(joined.map(({ client }) => client)));
      }
    } finally {
      lab.note(`${joined.length} clients are connected`);
    }
    for (const { client, eventsBefore } of joined) {
      const breach = findDeliveryBreach(client, order.slice(eventsBefore));
      if (breach !== undefined) return breach;
    }
    return pass();
  },
};
