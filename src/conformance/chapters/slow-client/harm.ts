// What a slow client must not do to others, and what must not be taken for slow.
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import { describeState } from '../../lab/publishing.ts';
import { blanks, findFirstBreach } from '../delivery/account.ts';
import { LARGE_EVENT_BYTES, publishOneByOne, SLOW_CLAUSE, stallClients } from './stalled.ts';

const ISOLATION_CLAUSE = {
  source: 'protocol: Hub Architecture',
  quote: 'Per-client send buffer — buffered channel (64 messages) prevents slow clients from blocking others',
};
const STALLED_CLIENTS = 20;
/** A hub that waits a second for each slow client shows 20 s here; a loaded machine shows far less than this. */
const MOST_DELAY_MILLIS = 1_000;

export const othersUnharmed: Check = {
  id: 'slow-client.others-unharmed',
  chapter: 'slow-client',
  title: 'twenty clients that hang and overflow at once neither delay nor disturb the others',
  level: 'must',
  clause: ISOLATION_CLAUSE,
  needs: ['broadcast', 'smallWindow'],
  deadlineMillis: 240_000,
  explain:
    'One frozen dashboard must not freeze all of them. Twenty clients stop reading; events are broadcast one by one past the point where all twenty overflow on the same event. Every event must reach four healthy clients, none later than a second (a correct hub needs milliseconds), and a new client must get in afterwards. Hubs that block, dead-lock, crash, leave somebody out when they evict, or wait a little for each slow client fail here.',
  isolation: 'alone',
  isTimed: true,
  async run(lab) {
    const healthy = await lab.witnesses(4);
    await stallClients(lab, STALLED_CLIENTS);
    const before = healthy[0]?.inbox.sequences.length ?? 0;
    const count = lab.settings.clientBufferMessages + 16;
    const { firstSequence, lastSequence, longestMillis } = await publishOneByOne(
      lab,
      count,
      LARGE_EVENT_BYTES,
      healthy,
    );
    const all = Array.from({ length: lastSequence - firstSequence + 1 }, (_, index) => firstSequence + index);
    const breach = findFirstBreach(healthy, before === 0 ? all : (healthy[0]?.inbox.sequences ?? []));
    if (breach) return breach;
    const newcomer = await lab.witness();
    await lab.fence([...healthy, newcomer]);
    const measurements = { slowestDeliveryMillis: { value: Math.round(longestMillis) } };
    if (longestMillis <= MOST_DELAY_MILLIS) return pass({ measurements });
    return fail(
      {
        expected: `every event reaches the healthy clients within ${MOST_DELAY_MILLIS} ms`,
        got: `one took ${Math.round(longestMillis)} ms while ${STALLED_CLIENTS} clients hung`,
      },
      { measurements },
    );
  },
};

export const oneByOneUnharmed: Check = {
  id: 'slow-client.again-and-again',
  chapter: 'slow-client',
  title: 'a second and a third eviction go as well as the first',
  level: 'must',
  clause: SLOW_CLAUSE,
  needs: ['broadcast', 'smallWindow'],
  deadlineMillis: 180_000,
  explain:
    'Bugs of eviction often wait for the next one: a lock that stays taken, a channel closed twice, an entry left in the set. Three clients hang and overflow one after the other, and the evicted one then resets its connection; each time all events reach a healthy client.',
  isolation: 'alone',
  async run(lab) {
    const healthy = await lab.witness();
    for (let round = 0; round < 3; round++) {
      const [victim] = await stallClients(lab, 1);
      await publishOneByOne(lab, lab.settings.clientBufferMessages + 8, LARGE_EVENT_BYTES * 2, [healthy]);
      victim?.reset();
      await publishOneByOne(lab, 3, 0, [healthy]);
    }
    return healthy.isOpen
      ? pass()
      : fail({ expected: 'the healthy client stays connected', got: describeState(healthy) });
  },
};

export const burstSurvives: Check = {
  id: 'slow-client.burst-of-a-buffer',
  chapter: 'slow-client',
  title: 'an idle client that reads survives a burst as large as its buffer',
  level: 'must',
  clause: ISOLATION_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'A client is slow when its buffer is full, not when many events come at once. As many small events as the buffer holds are broadcast in one go to clients with nothing waiting: all must arrive, three times over.',
  isolation: 'alone',
  async run(lab) {
    const clients = await lab.witnesses(3);
    const expected: number[] = [];
    for (let round = 0; round < 3; round++) {
      const events = await lab.burst(blanks(lab.settings.clientBufferMessages));
      expected.push(...events.map(({ sequence }) => sequence));
      for (const client of clients)
        await client.until(() => client.inbox.sequences.length >= expected.length, 'a whole burst');
    }
    return findFirstBreach(clients, expected) ?? pass();
  },
};

export const slowButFastEnough: Check = {
  id: 'slow-client.fast-enough-is-kept',
  chapter: 'slow-client',
  title: 'a client that falls behind and catches up in time is kept, and misses nothing',
  level: 'must',
  clause: ISOLATION_CLAUSE,
  needs: ['broadcast', 'smallWindow'],
  deadlineMillis: 180_000,
  explain:
    'A phone in a tunnel is behind for a while; the buffer is there for it. Three times a client stops reading while half a buffer of large events is broadcast, then reads on: it must get every event and stay connected.',
  isolation: 'alone',
  async run(lab) {
    const reader = await lab.witness({ window: 'small' });
    const witness = await lab.witness();
    const expected: number[] = [];
    for (let round = 0; round < 3; round++) {
      reader.stopReading();
      const half = Math.max(1, Math.floor(lab.settings.clientBufferMessages / 2));
      const { firstSequence, lastSequence } = await publishOneByOne(lab, half, LARGE_EVENT_BYTES * 2, [
        witness,
      ]);
      for (let sequence = firstSequence; sequence <= lastSequence; sequence++) expected.push(sequence);
      reader.resumeReading();
      await reader.until(
        () => reader.inbox.sequences.length >= expected.length,
        'what was waiting for the slow client',
      );
    }
    return findFirstBreach([reader, witness], expected) ?? pass();
  },
};
