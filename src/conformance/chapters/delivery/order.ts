// Every client, every event, once, in one order.

import type { EventShape } from '../../../session/series.ts';
import type { Check } from '../../check.ts';
import { BROADCAST_CLAUSE, RUN_LOOP_CLAUSE } from '../../clauses.ts';
import { FACTS, fail, pass } from '../../finding.ts';
import { shapeEvent } from '../../inputs/content.ts';
import { basisOf, describeState } from '../../lab/client/client-state.ts';
import { REQUESTS_AT_ONCE } from '../../lab/route/burst-unordered.ts';
import { publishUnordered } from '../../lab/route/publish-unordered.ts';
import { witnessesOfEveryKind } from '../handshake/client-kinds.ts';
import { blanks, findFirstBreach } from './account.ts';

const [EVENTS, FEWEST_EVENTS] = [500, 5];
const MOST_PADDING_BYTES = 300;
const EVENTS_TO_ONE = 1_100;
/** As many more as are on their way soon, so that a hub whose bug begins with the 3,000th event shows it. */
const [MORE_TO_ONE, SOON_MILLIS] = [2_200, 15_000];

export const everyClientOnceInOrder: Check = {
  id: 'delivery.every-client-once-in-order',
  chapter: 'delivery',
  title: 'every client receives every event, once, in broadcast order',
  level: 'must',
  clause: RUN_LOOP_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'One loop takes events from one queue: all clients see one order, without repeats or gaps. A dashboard that misses a step shows a deploy that never ends. 500 events of every type, of 62 apps and of different length (fewer where the hub is slow) go to clients with the complete headers of browsers, command-line clients and libraries, some behind proxies, at most 32 unacknowledged, so that no correct hub has a reason to disconnect a client.',
  isolation: 'shared',
  async run(lab) {
    const clients = await witnessesOfEveryKind(lab);
    const count = lab.affordable({ wanted: EVENTS, fewest: FEWEST_EVENTS });
    const events = await lab.publish(ofEveryKind(count, lab.settings.seed), clients);
    const last = await lab.fence(clients);
    return findFirstBreach(clients, [...events.map(({ sequence }) => sequence), last]) ?? pass();
  },
};

/** Of every type and app, with content of different length: a hub that has several ways for them must keep one order. */
function ofEveryKind(count: number, seed: number): readonly EventShape[] {
  const choice = { types: 'mixed', apps: 'each letter', content: 'identifiers', sizes: 'alternating' };
  return Array.from({ length: count }, (_, at) =>
    shapeEvent({ ...choice, paddingBytes: MOST_PADDING_BYTES, seed }, at),
  );
}

export const manyPacedEvents: Check = {
  id: 'delivery.thousand-events-to-one',
  chapter: 'delivery',
  title: 'a client that keeps up is never disconnected, however many events it has received',
  level: 'must',
  clause: {
    source: 'protocol: Hub Architecture',
    quote: "if a client's send buffer is full, the client is disconnected and cleaned up",
  },
  needs: ['broadcast'],
  deadlineMillis: 180_000,
  explain:
    'A hub that counts messages sent instead of messages waiting drops every client after some total. 1,100 events, more than any round number near a thousand, go to one client, at most 32 unacknowledged, and 2,200 more where the first took less than 15 s.',
  isolation: 'shared',
  async run(lab) {
    const client = await lab.witness();
    lab.affordable({ wanted: EVENTS_TO_ONE, fewest: EVENTS_TO_ONE, atOnce: REQUESTS_AT_ONCE });
    const startMillis = lab.elapsedMillis();
    const order = [...(await publishUnordered(lab, blanks(EVENTS_TO_ONE), [client], REQUESTS_AT_ONCE))];
    if (lab.elapsedMillis() - startMillis < SOON_MILLIS)
      order.push(...(await publishUnordered(lab, blanks(MORE_TO_ONE), [client], REQUESTS_AT_ONCE)));
    const breach = findFirstBreach([client], order);
    if (breach !== undefined) return breach;
    const repeated = order.find((sequence, at) => order.indexOf(sequence) < at);
    return repeated === undefined
      ? pass()
      : fail({ expected: 'each event once', got: `event #${repeated} arrived twice` }, FACTS);
  },
};

const EVENTS_EACH = 4;
const [ROUNDS, FEWEST_ROUNDS] = [20, 2];
/** So many that no client can have more on the way than its buffer takes. */
const producersFor = (clientBufferMessages: number): number =>
  Math.max(2, Math.min(8, Math.floor(clientBufferMessages / 2 / EVENTS_EACH)));

export const concurrentProducers: Check = {
  id: 'delivery.concurrent-producers',
  chapter: 'delivery',
  title: 'events of concurrent producers all arrive, in one order for all clients',
  level: 'must',
  clause: BROADCAST_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'Sagas run side by side. Eight producers broadcast four events each to forty clients, each event after the previous one was accepted, for twenty rounds (fewer where the hub is slow). All 32 events of a round must arrive, each producer in its own order, and all clients must see the same order.',
  isolation: 'alone',
  async run(lab) {
    const clients = await lab.witnesses(40);
    const producerCount = producersFor(lab.settings.clientBufferMessages);
    const rounds = lab.affordable({
      wanted: ROUNDS * EVENTS_EACH,
      fewest: FEWEST_ROUNDS * EVENTS_EACH,
      deliveriesEach: producerCount,
    });
    for (let round = 0; round < rounds / EVENTS_EACH; round++) {
      const start = clients[0]?.record.sequences.length ?? 0;
      const producers = Array.from({ length: producerCount }, () =>
        blanks(EVENTS_EACH).map((shape) => lab.series.next(shape)),
      );
      const outcomes = await Promise.all(
        producers.map(async (events) => {
          for (const { text } of events) {
            const outcome = await lab.tryBroadcast([text]);
            if (!outcome.ok) return outcome;
          }
          return undefined;
        }),
      );
      const refused = outcomes.find((outcome) => outcome !== undefined);
      const expected = `${producerCount} producers can broadcast at once`;
      if (refused) return lab.refusal(refused, { expected, whenRefused: 'fail' });
      const wanted = producerCount * EVENTS_EACH;
      const hasAll = clients.map((client) =>
        client.until(
          () => client.record.sequences.length >= start + wanted,
          `all ${wanted} events of a round`,
        ),
      );
      await Promise.all(hasAll);
      const gone = clients.find(({ isOpen }) => !isOpen);
      if (gone !== undefined)
        return fail(
          { expected: `client ${gone.name} stays connected`, got: describeState(gone) },
          basisOf(gone),
        );
      const orders = clients.map((client) => client.record.sequences.slice(start));
      for (const [index, order] of orders.entries()) {
        const name = clients[index]?.name;
        const missing = producers.flat().find(({ sequence }) => !order.includes(sequence));
        if (missing || order.length !== wanted) {
          return fail(
            {
              expected: `client ${name} gets ${wanted} events`,
              got: missing ? `#${missing.sequence} never arrived` : `${order.length} events`,
            },
            order.length > wanted ? FACTS : {},
          );
        }
        const swapped = producers.find((events) =>
          events.some(({ sequence }, at) => at > 0 && order.indexOf(sequence) < order.indexOf(sequence - 1)),
        );
        if (swapped)
          return fail(
            {
              expected: "each producer's events keep their order",
              got: `client ${name} got ${order.filter((one) => swapped.some(({ sequence }) => sequence === one)).join(', ')}`,
            },
            FACTS,
          );
        if (order.join() !== orders[0]?.join()) {
          return fail(
            {
              expected: 'all clients see one order',
              got: `client ${name} saw ${order.join(',')}, client ${clients[0]?.name} saw ${orders[0]?.join(',')}`,
            },
            FACTS,
          );
        }
      }
    }
    return pass();
  },
};
