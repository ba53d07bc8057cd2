// What a slow client must not do to others, and what must not be taken for slow.
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import { basisOf, describeState } from '../../lab/client/client-state.ts';
import { burstsAtOnce, noBurst } from '../../lab/route/burst-unordered.ts';
import { FEW_AT_ONCE } from '../../lab/route/publish-unordered.ts';
import { blanks, findFirstBreach } from '../delivery/account.ts';
import { ISOLATION_CLAUSE, LARGE_EVENT_BYTES, SLOW_CLAUSE, stallClients } from './stalled.ts';

export const oneByOneUnharmed: Check = {
  id: 'slow-client.again-and-again',
  chapter: 'slow-client',
  title: 'a second and a third eviction work like the first',
  level: 'must',
  clause: SLOW_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 180_000,
  explain:
    'Eviction bugs often show at the next eviction: a lock that stays taken, a channel closed twice, an entry left in the set, a queue reused with its old content. Five clients (fewer where the hub is slow) stall and overflow one after the other, and each evicted one then resets its connection; each time all events reach a healthy client. Clients that join afterwards receive what is broadcast from then on, and nothing that was queued for earlier clients.',
  isolation: 'alone',
  async run(lab) {
    const healthy = await lab.witness();
    const each = lab.settings.clientBufferMessages + BEYOND;
    const [wanted, fewest] = [EVICTIONS * each, FEWEST_EVICTIONS * each];
    const events = lab.affordable({ wanted, fewest, atOnce: FEW_AT_ONCE });
    for (let round = 0; round < Math.floor(events / each); round++) {
      const scene = await stallClients(lab, 1, LARGE_EVENT_BYTES, [healthy]);
      await scene.fill(each);
      scene.stalled[0]?.reset();
      await lab.publish(blanks(3), [healthy]);
    }
    if (!healthy.isOpen)
      return fail(
        { expected: 'the healthy client stays connected', got: describeState(healthy) },
        basisOf(healthy),
      );
    const newcomers = await lab.witnesses(NEWCOMERS);
    const fence = await lab.fence([healthy, ...newcomers]);
    return findFirstBreach(newcomers, [fence]) ?? pass();
  },
};

/** The first go well in every hub that counts or pools something; the fifth is one more than most tests make. */
const [EVICTIONS, FEWEST_EVICTIONS] = [5, 2];
/** Events beyond a full buffer. */
const BEYOND = 8;
/** What is used again may be that of clients before these, of other checks, first: their events are not distinguished. */
const NEWCOMERS = 32;

export const burstSurvives: Check = {
  id: 'slow-client.burst-of-a-buffer',
  chapter: 'slow-client',
  title: 'an idle client that reads survives a burst as large as its buffer',
  level: 'must',
  clause: ISOLATION_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'A client is slow when its buffer is full, not when many events arrive at once. As many small events as the buffer holds are broadcast at once to clients with empty queues: all must arrive, in each of three rounds (fewer where the hub is slow). Where the hub takes one event a request, many requests are made at the same time; when all events arrive, the check is skipped with the rate that was reached, since no burst reached the hub.',
  isolation: 'alone',
  async run(lab) {
    const clients = await lab.witnesses(3);
    const expected: number[] = [];
    const size = lab.settings.clientBufferMessages;
    const wanted = { wanted: BURSTS * size, fewest: size, atOnce: burstsAtOnce(lab) };
    const bursts = Math.floor(lab.affordable(wanted) / size);
    let [inRequests, tookMillis] = [false, 0];
    for (let round = 0; round < bursts; round++) {
      const burst = await lab.burstUnordered(blanks(size));
      if (!burst.outcome.ok) return lab.refusal(burst.outcome, { expected: `the hub takes ${size} events` });
      const before = expected.length;
      expected.push(...burst.events.map(({ sequence }) => sequence));
      const hasAll = clients.map((client) =>
        client.until(() => client.record.sequences.length >= expected.length, 'a whole burst'),
      );
      if ((await Promise.all(hasAll)).includes(false)) break;
      tookMillis += burst.tookMillis;
      inRequests ||= burst.isOneEach;
      // Requests at the same time have no order but the hub's.
      if (burst.isOneEach) inOrderOfHub(expected, before, clients[0]?.record.sequences ?? []);
    }
    const breach = findFirstBreach(clients, expected);
    if (breach !== undefined) return breach;
    return inRequests ? noBurst(expected.length, tookMillis) : pass();
  },
};

const BURSTS = 3;

/** Sorts the events from `from` on as they came, where all of them came. */
function inOrderOfHub(expected: number[], from: number, came: readonly number[]): void {
  const burst = expected.slice(from);
  const order = came.slice(from);
  if (burst.every((sequence) => order.includes(sequence))) expected.splice(from, burst.length, ...order);
}
