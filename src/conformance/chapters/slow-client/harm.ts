// What a slow client must not do to others, and what must not be taken for slow.
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import { basisOf, describeState } from '../../lab/client/client-state.ts';
import { burstsAtOnce, noBurst } from '../../lab/route/burst-unordered.ts';
import { FEW_AT_ONCE } from '../../lab/route/publish-unordered.ts';
import { blanks, findFirstBreach } from '../delivery/account.ts';
import {
  DELIVERIES_EACH,
  HUGE_EVENT_BYTES,
  ISOLATION_CLAUSE,
  LARGE_EVENT_BYTES,
  SLOW_CLAUSE,
  stallClients,
} from './stalled.ts';

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

/** What adds up over the life of a client is more than a few buffers then. */
const SHORT_STALLS = 7;
const FEWEST_STALLS = 2;
/** Those behind them are small: kernels take none of these. */
const HUGE_EVENTS = 2;
/** Longer than events are kept by hubs that let them expire, shorter than the time limit of most writers. */
const LONG_STALL_MILLIS = 2_500;

export const slowButFastEnough: Check = {
  id: 'slow-client.fast-enough-is-kept',
  chapter: 'slow-client',
  title: 'a client that falls behind and catches up is kept and misses nothing',
  level: 'must',
  clause: ISOLATION_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 180_000,
  explain:
    'A phone in a tunnel falls behind for a while; the buffer exists for that. Seven times (fewer where the hub is slow) a client stops reading while events fill half of its buffer, then resumes: it must receive every event and stay connected. One more time it resumes only after 2.5 s: a hub whose writes have a time limit may have disconnected it by then, but may not have dropped anything.',
  isolation: 'alone',
  async run(lab) {
    const half = Math.max(1, Math.floor(lab.settings.clientBufferMessages / 2));
    const witness = await lab.witness();
    const scene = await stallClients(lab, 1, HUGE_EVENT_BYTES, [witness]);
    const [reader] = scene.stalled;
    if (!reader) throw new Error('expected one client');
    const before = [...witness.record.sequences];
    const expected: number[] = [];
    const hasAll = () => reader.record.sequences.length >= expected.length;
    const hasFault = () => reader.record.faults.length > 0;
    const [wanted, fewest] = [(SHORT_STALLS + 1) * half, (FEWEST_STALLS + 1) * half];
    const events = lab.affordable({ wanted, fewest, atOnce: FEW_AT_ONCE, deliveriesEach: DELIVERIES_EACH });
    const shortStalls = Math.floor(events / half) - 1;
    for (const stallMillis of [...Array<number>(shortStalls).fill(0), LONG_STALL_MILLIS]) {
      reader.stopReading();
      const { sequences } = await scene.fill(Math.min(half, HUGE_EVENTS), 'fewer');
      const small = await lab.publish(blanks(Math.max(0, half - HUGE_EVENTS)), [witness]);
      expected.push(...sequences, ...small.map(({ sequence }) => sequence));
      await lab.pause(stallMillis);
      reader.resumeReading();
      await reader.until(() => hasAll() || hasFault(), 'what was waiting for the slow client');
      // What is missing now never comes, and each further round would wait for it.
      if (reader.isOpen && (hasFault() || !hasAll())) break;
      if (stallMillis > 0 && !reader.isOpen) break;
      const fence = await lab.fence([witness, reader]);
      expected.push(fence);
    }
    const breach = findFirstBreach([witness], [...before, ...expected]);
    if (breach) return breach;
    const got = reader.record.sequences;
    // Cut off during the long stall: what came is a prefix.
    if (
      !reader.isOpen &&
      got.every((sequence, at) => sequence === expected[at]) &&
      got.length > half * shortStalls
    )
      return pass({
        evidence: [`a client that read nothing for ${LONG_STALL_MILLIS} ms was disconnected, without a gap`],
      });
    return findFirstBreach([reader], expected) ?? pass();
  },
};
