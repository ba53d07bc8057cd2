// What a slow client must not do to others, and what must not be taken for slow.
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import { describeState } from '../../lab/publishing.ts';
import { blanks, findFirstBreach } from '../delivery/account.ts';
import { ISOLATION_CLAUSE, LARGE_EVENT_BYTES, range, SLOW_CLAUSE, stallClients } from './stalled.ts';

export const oneByOneUnharmed: Check = {
  id: 'slow-client.again-and-again',
  chapter: 'slow-client',
  title: 'a second and a third eviction work like the first',
  level: 'must',
  clause: SLOW_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 180_000,
  explain:
    'Eviction bugs often show at the next eviction: a lock that stays taken, a channel closed twice, an entry left in the set, a queue reused with its old content. Five clients stall and overflow one after the other, and each evicted one then resets its connection; each time all events reach a healthy client. Clients that join afterwards receive what is broadcast from then on, and nothing that was queued for earlier clients.',
  isolation: 'alone',
  async run(lab) {
    const healthy = await lab.witness();
    for (let round = 0; round < EVICTIONS; round++) {
      const scene = await stallClients(lab, 1, LARGE_EVENT_BYTES, [healthy]);
      await scene.fill(lab.settings.clientBufferMessages + 8);
      scene.stalled[0]?.reset();
      await lab.publish(blanks(3), [healthy]);
    }
    if (!healthy.isOpen)
      return fail({ expected: 'the healthy client stays connected', got: describeState(healthy) });
    const newcomers = await lab.witnesses(NEWCOMERS);
    const fence = await lab.fence([healthy, ...newcomers]);
    return findFirstBreach(newcomers, [fence]) ?? pass();
  },
};

/** The first go well in every hub that counts or pools something; the fifth is one more than most tests make. */
const EVICTIONS = 5;
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
    'A client is slow when its buffer is full, not when many events arrive at once. As many small events as the buffer holds are broadcast at once to clients with empty queues: all must arrive, in each of three rounds.',
  isolation: 'alone',
  async run(lab) {
    const clients = await lab.witnesses(3);
    const expected: number[] = [];
    for (let round = 0; round < 3; round++) {
      const events = await lab.burst(blanks(lab.settings.clientBufferMessages));
      expected.push(...events.map(({ sequence }) => sequence));
      const hasAll = clients.map((client) =>
        client.until(() => client.record.sequences.length >= expected.length, 'a whole burst'),
      );
      if ((await Promise.all(hasAll)).includes(false)) break;
    }
    return findFirstBreach(clients, expected) ?? pass();
  },
};

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
    'A phone in a tunnel falls behind for a while; the buffer exists for that. Three times a client stops reading while half a buffer of large events is broadcast, then resumes: it must receive every event and stay connected. A fourth time it resumes only after 2.5 s: a hub whose writes have a time limit may have disconnected it by then, but may not have dropped anything.',
  isolation: 'alone',
  async run(lab) {
    const half = Math.max(1, Math.floor(lab.settings.clientBufferMessages / 2));
    const witness = await lab.witness();
    const scene = await stallClients(lab, 1, LARGE_EVENT_BYTES, [witness]);
    const [reader] = scene.stalled;
    if (!reader) throw new Error('expected one client');
    const before = [...witness.record.sequences];
    const expected: number[] = [];
    const hasAll = () => reader.record.sequences.length >= expected.length;
    const hasFault = () => reader.record.faults.length > 0;
    for (const stallMillis of [0, 0, 0, LONG_STALL_MILLIS]) {
      reader.stopReading();
      const { firstSequence, lastSequence } = await scene.fill(half, 'fewer');
      expected.push(...range(firstSequence, lastSequence));
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
    if (!reader.isOpen && got.every((sequence, at) => sequence === expected[at]) && got.length > half * 3)
      return pass({
        evidence: [`a client that read nothing for ${LONG_STALL_MILLIS} ms was disconnected, without a gap`],
      });
    return findFirstBreach([reader], expected) ?? pass();
  },
};
