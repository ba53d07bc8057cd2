// As many events at once as the broadcast queue holds, and more.
import { BROADCAST_BUFFER_EVENTS } from '../../../protocol/limits.ts';
import type { Check } from '../../check.ts';
import { BROADCAST_CLAUSE } from '../../clauses.ts';
import { FACTS, type Finding, fail, pass, skip } from '../../finding.ts';
import { describeState } from '../../lab/client/client-state.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { burstsAtOnce, noBurst } from '../../lab/route/burst-unordered.ts';
import { blanks } from './account.ts';

const CLIENTS = 4;

export const burstSurvived: Check = {
  id: 'delivery.burst-survived',
  chapter: 'delivery',
  title: 'clients that read as fast as they can survive a burst as large as the broadcast queue',
  level: 'should',
  clause: { source: 'protocol: Hub Architecture', quote: 'Broadcast channel — buffered at 256 messages' },
  needs: ['broadcast'],
  deadlineMillis: 60_000,
  explain:
    'A run loop that distributes all its events before any writer gets a turn fills the 64 places of every client, and disconnects dashboards that are not slow. 256 events are broadcast in one request to four idle clients that read; all must get all of them. Where the hub takes one event a request, they are sent by many requests at the same time; when all arrive, the check is skipped with the rate that was reached, since no burst reached the hub. The exact tolerance is a measurement (measurement.burst-tolerance).',
  isolation: 'alone',
  async run(lab) {
    const clients = await lab.witnesses(CLIENTS);
    const wanted = BROADCAST_BUFFER_EVENTS;
    lab.affordable({ wanted, fewest: wanted, atOnce: burstsAtOnce(lab), deliveriesEach: 0 });
    const { events, outcome, isOneEach, tookMillis } = await lab.burstUnordered(blanks(wanted));
    if (!outcome.ok) return lab.refusal(outcome, { expected: `the hub takes ${events.length} events` });
    const last = events.at(-1)?.sequence ?? 0;
    for (const client of clients) {
      const hasAll = () => client.record.sequences.length === events.length;
      const hasLast = () => !isOneEach && client.record.sequences.at(-1) === last;
      await client.until(() => hasAll() || hasLast(), 'the last of the burst');
      if (!hasAll() || !client.isOpen)
        return fail({
          expected: `a client that reads gets all ${events.length} events of a burst`,
          got: describeState(client),
        });
    }
    return isOneEach ? noBurst(events.length, tookMillis) : pass();
  },
};

const FLOOD_EVENTS = 4 * BROADCAST_BUFFER_EVENTS;

export const floodWithoutGap: Check = {
  id: 'delivery.flood-without-gap',
  chapter: 'delivery',
  title: 'a burst larger than the broadcast queue has no gap',
  level: 'must',
  clause: BROADCAST_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 60_000,
  explain:
    'When the broadcast channel is full, a producer must wait or be refused. A hub that accepts the event and discards it leaves every dashboard with the same gap, at the busiest moment of a deploy. Four times as many events as the channel holds are broadcast at once to four clients that read. A client that is still connected must have received all of them; a client that the burst disconnected (judged by delivery.burst-survived) must have received them without a gap until then. Where the hub takes one event a request, many requests are made at the same time, and the order is that in which the client that got most received them; when all arrive everywhere, the check is skipped with the rate that was reached, since no burst reached the hub.',
  isolation: 'alone',
  async run(lab) {
    const clients = await lab.witnesses(CLIENTS);
    const [wanted, atOnce] = [FLOOD_EVENTS, burstsAtOnce(lab)];
    lab.affordable({ wanted, fewest: wanted, atOnce, deliveriesEach: 0 });
    const flood = await lab.burstUnordered(blanks(FLOOD_EVENTS));
    const { events, outcome, isOneEach, tookMillis } = flood;
    if (!outcome.ok) {
      if (outcome.kind === 'refused')
        return skip(`the hub does not accept ${FLOOD_EVENTS} events at once: ${outcome.problem}`);
      return lab.refusal(outcome, { expected: `the hub accepts ${FLOOD_EVENTS} events at once` });
    }
    const order = isOneEach ? await orderOf(clients, events.length) : events.map(({ sequence }) => sequence);
    for (const client of clients) {
      const breach = await findFloodBreach(client, order, events.length);
      if (breach !== undefined) return breach;
    }
    if (isOneEach && clients.every(({ isOpen }) => isOpen)) return noBurst(events.length, tookMillis);
    return pass({ evidence: clients.filter(({ isOpen }) => !isOpen).map(describeState) });
  },
};

/** In which order the hub took the events, as far as the client that got most of them shows. */
async function orderOf(clients: readonly LabClient[], count: number): Promise<readonly number[]> {
  const over = clients.map((client) =>
    client.until(
      () => client.record.sequences.length >= count || client.record.faults.length > 0,
      'the flood',
    ),
  );
  await Promise.all(over);
  const [most] = [...clients].sort((a, b) => b.record.sequences.length - a.record.sequences.length);
  return most?.record.sequences ?? [];
}

async function findFloodBreach(
  client: LabClient,
  order: readonly number[],
  count: number,
): Promise<Finding | undefined> {
  const { record, name } = client;
  const last = order.at(-1);
  const gapAt = (): number => record.sequences.findIndex((sequence, at) => sequence !== order[at]);
  const isOver = (): boolean =>
    record.sequences.at(-1) === last || record.faults.length > 0 || gapAt() !== -1;
  await client.until(() => isOver() || !client.isOpen, `event #${last}`);
  const expected = `client ${name} gets ${count} events without a gap while it is connected`;
  const at = gapAt();
  if (at !== -1)
    return fail(
      { expected, got: `#${record.sequences[at]} arrived where #${order[at]} was expected` },
      FACTS,
    );
  const isWhole = record.sequences.length === count;
  return record.faults.length > 0 || (client.isOpen && !isWhole)
    ? fail({ expected, got: describeState(client) }, record.faults.length > 0 ? FACTS : {})
    : undefined;
}
