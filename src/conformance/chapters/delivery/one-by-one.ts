// Every number of clients: tables that grow, and loops that serve clients in groups, go wrong at one of them.
import type { Check } from '../../check.ts';
import { RUN_LOOP_CLAUSE } from '../../clauses.ts';
import { pass } from '../../finding.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { findDeliveryBreach } from './account.ts';

/** More than a group of 128. */
const [CLIENTS, FEWEST_CLIENTS] = [130, 4];
/** A nonce until the newcomer has joined, and the event for all. */
const EVENTS_A_CLIENT = 2;

export const everyNumberOfClients: Check = {
  id: 'delivery.every-number-of-clients',
  chapter: 'delivery',
  title: 'every client receives every event, whatever their number',
  level: 'must',
  clause: RUN_LOOP_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A hub that serves its clients in groups, or keeps them in a table that grows, may forget the last of a group, or the first after the table has grown: with 26 clients one of them receives nothing, with 25 or 27 all is well. 130 clients (fewer on a slow broadcast route) join one by one; after each of them an event must reach all that are connected, once.',
  isolation: 'alone',
  blockedBy: ['delivery.every-client-once-in-order'],
  async run(lab) {
    const events = { wanted: CLIENTS * EVENTS_A_CLIENT, fewest: FEWEST_CLIENTS * EVENTS_A_CLIENT };
    const count = Math.floor(lab.affordable(events) / EVENTS_A_CLIENT);
    const clients: LabClient[] = [];
    const order: number[] = [];
    try {
      while (clients.length < count) {
        const client = await lab.connect();
        clients.push(client);
        await lab.join([client]);
        order.push(await lab.fence(clients));
      }
    } finally {
      lab.note(`${clients.length} clients are connected`);
    }
    for (const [at, client] of clients.entries()) {
      const breach = findDeliveryBreach(client, order.slice(at));
      if (breach !== undefined) return breach;
    }
    return pass();
  },
};
