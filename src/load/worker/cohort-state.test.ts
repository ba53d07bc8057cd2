// Clients that come, go and return: what is held in memory, what is counted, and that the ledger still balances.
import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../../client/behaviour.ts';
import { createClientLedger } from '../../ledger/client/client-ledger.ts';
import { createEventLog } from '../../ledger/events/event-log.ts';
import { RefusedEvents } from '../../ledger/refused-events.ts';
import { stampEvent } from '../../protocol/content-check.ts';
import { encodeServerText } from '../../wire/frame-writer.ts';
import type { CohortConnection } from './account/cohort-connection.ts';
import type { ConnectionEnding } from './cohort-member.ts';
import { CohortState } from './cohort-state.ts';
import { ReturnLog } from './returns/return-log.ts';

const RUN_ID = 'run';
const EVENT = {
  type: 'deploy.progress',
  appId: 'app',
  payload: { sagaId: 'saga', message: 'text' },
};
const frameOf = (sequence: number): Buffer =>
  encodeServerText(Buffer.from(stampEvent(EVENT, { runId: RUN_ID, sequence, dueMicros: 0 })));

/** A cohort whose clients read what is published while they are connected. */
function startCohort(clients: number, behaviour: Behaviour = { kind: 'churn', everyMillis: 1_000 }) {
  const log = createEventLog({ runId: RUN_ID });
  const refused = new RefusedEvents();
  const returns = new ReturnLog();
  const state = new CohortState({ name: 'churn', clients, behaviour }, { refused, log: returns });
  let published = 0;

  function connect(number: number) {
    const ledger = createClientLedger(log, state.recorder, undefined, {
      before: state.memberOf(number)?.ledger,
      nowMicros: published * 1e6,
      refused,
      onFirst: (sequence) => state.hasEvent(number, { sequence, atMicros: published * 1e6 }),
    });
    const facts = { end: undefined, window: 'default', stalledAfterMessages: 0, bytesRead: 0 };
    const client = { isOpen: true, isStalled: false, socketEnds: 1, facts, drain() {}, close() {} };
    const connection = { number, client, ledger } as unknown as CohortConnection;
    state.admit(connection);
    return {
      connection,
      read: (frame: Buffer) => ledger.onBytes(frame, 0, frame.length, published),
      end(how: ConnectionEnding['how'], fault?: number) {
        ledger.onEnd();
        Object.assign(client, { isOpen: false });
        Object.assign(facts, { end: { kind: how === 'left' ? 'local' : 'fin' } });
        state.end(connection, { how, atMicros: published * 1e6, fault });
      },
    };
  }

  return {
    state,
    refused,
    returns,
    log,
    connect,
    publish(readers: readonly { read(frame: Buffer): void }[]) {
      const frame = frameOf(published++);
      for (const reader of readers) reader.read(frame);
    },
    account: () => state.account({ first: 0, last: published - 1 }),
    /** Of the first `events` events, while the run goes on; `onRest` is called between slices. */
    accountSoFar: (events: number, onRest: () => void = () => {}) =>
      state.accountSoFar({ first: 0, last: events - 1 }, refused.before(events), async () => onRest()),
  };
}

describe('the state of a cohort', () => {
  it('holds one connection for each client, however often it returns', () => {
    const cohort = startCohort(3);
    let clients = [0, 1, 2].map((number) => cohort.connect(number));
    for (let second = 0; second < 500; second++) {
      cohort.publish(clients);
      clients = clients.map((client) => {
        client.end('left');
        return cohort.connect(client.connection.number);
      });
      const waiting = second === 0 ? {} : { waiting: 3 };
      expect(cohort.state.progress()).toMatchObject({
        attempted: 3,
        connected: 3,
        open: 3,
        evicted: 0,
        ...waiting,
      });
      expect(cohort.state.connections()).toHaveLength(3);
      expect(cohort.log.followers.size).toBe(3);
    }
    cohort.publish(clients);
    const part = cohort.account();
    expect(part).toMatchObject({ clients: 3, connected: 3, returned: 1_500, open: 3, left: 0, behind: 0 });
    // Whoever is back for each event has missed none.
    expect(part.balance).toMatchObject({
      ...{ clients: 3, expected: 1_503, received: 1_503, lost: 0, leftTail: 0, missedAway: 0 },
      ...{ balanced: true, imbalances: [] },
    });
    expect(cohort.returns.take().returns).toHaveLength(1_500);
  });

  it('counts what was published while a client was away apart from what it lost', () => {
    const cohort = startCohort(1);
    const first = cohort.connect(0);
    cohort.publish([first]);
    first.end('left');
    cohort.publish([]);
    cohort.publish([]);
    const again = cohort.connect(0);
    cohort.publish([again]);
    cohort.publish([]);
    cohort.publish([again]);
    const { balance } = cohort.account();
    expect(balance).toMatchObject({ expected: 6, received: 3, missedAway: 2, lost: 1, balanced: true });
    expect(cohort.returns.take().returns).toMatchObject([
      { how: 'left', nextSequence: 1, endedAtMicros: 1e6, firstEvent: { sequence: 3, atMicros: 4e6 } },
    ]);
  });

  it('owes nothing of refused events at a return, of old returns neither', () => {
    const cohort = startCohort(1);
    let client = cohort.connect(0);
    cohort.publish([client]);
    for (let round = 0; round < 10; round++) {
      client.end('left');
      cohort.publish([]);
      cohort.refused.add(2 * round + 1, 2 * round + 1);
      client = cohort.connect(0);
      cohort.publish([client]);
    }
    const { balance } = cohort.state.account({ first: 0, last: 10 });
    expect(balance).toMatchObject({ expected: 11, received: 11, missedAway: 0, lost: 0, balanced: true });
  });

  it('finds events that are older than what a client had', () => {
    const cohort = startCohort(1);
    const first = cohort.connect(0);
    for (let event = 0; event < 3; event++) cohort.publish([first]);
    first.end('left');
    const again = cohort.connect(0);
    for (const old of [0, 1, 2]) again.read(frameOf(old));
    cohort.publish([again]);
    again.read(frameOf(1));
    const { balance } = cohort.account();
    expect(balance).toMatchObject({ replayed: 4, duplicated: 0, reordered: 0, received: 4, balanced: true });
  });

  it.each([10, 1_500])('owes no event that was never answered to %i clients that left with it', (clients) => {
    const cohort = startCohort(clients);
    const all = Array.from({ length: clients }, (_, number) => cohort.connect(number));
    cohort.publish(all);
    cohort.publish(all);
    for (const { end } of all) end('left');
    const { balance } = cohort.state.account({ first: 0, last: 0, unansweredLast: 1 });
    expect(balance).toMatchObject({ balanced: true, received: clients, leftTail: 0, lost: 0 });
  });

  it('owes no refused event, whether it was delivered all the same or not', () => {
    const cohort = startCohort(2);
    const [first, second] = [cohort.connect(0), cohort.connect(1)];
    cohort.publish([first, second]);
    cohort.publish([first]);
    cohort.publish([first, second]);
    cohort.refused.add(1, 1);
    expect(cohort.state.progress().lowestNextSequence).toBe(2);
    const { balance } = cohort.state.account({ first: 0, last: 1 });
    expect(balance).toMatchObject({ balanced: true, received: 4, lost: 0, refused: 1 });
  });

  it('counts a client that did not come back as left, with its failure', () => {
    const cohort = startCohort(2);
    const [first, second] = [cohort.connect(0), cohort.connect(1)];
    cohort.publish([first, second]);
    first.end('left');
    cohort.state.fail(0, { cause: 'refused', problem: 'nothing listens' }, 1);
    const part = cohort.account();
    const failures = [{ cause: 'refused', reason: 'nothing listens', count: 1 }];
    expect(part).toMatchObject({ connected: 2, returned: 0, left: 1, open: 1, failures });
    expect(part.attempts).toEqual({ total: 1, failed: 1 });
    expect(cohort.state.progress().failures).toEqual({ refused: 1 });
    expect(part.balance).toMatchObject({ clients: 2, balanced: true });
  });

  it('keeps the number of an evicted client that has returned before', () => {
    const cohort = startCohort(2);
    const [first, second] = [cohort.connect(0), cohort.connect(1)];
    cohort.publish([first, second]);
    first.end('left');
    const again = cohort.connect(0);
    cohort.publish([again, second]);
    again.end('evicted');
    const part = cohort.account();
    expect(part).toMatchObject({ evicted: 1, open: 1, left: 0 });
    expect(part.evictions).toMatchObject([{ client: 0, how: 'FIN', messages: 1 }]);
  });

  it('counts a client that a fault dropped neither as evicted nor as left, and what it misses as no loss', () => {
    const cohort = startCohort(2, { kind: 'fast' });
    const [gone, back] = [cohort.connect(0), cohort.connect(1)];
    cohort.publish([gone, back]);
    gone.end('dropped', 7);
    back.end('dropped', 7);
    cohort.publish([]);
    const again = cohort.connect(1);
    cohort.publish([again]);
    const part = cohort.account();
    expect(part).toMatchObject({ evicted: 0, left: 0, open: 1, away: 1, returned: 1 });
    expect(part.balance).toMatchObject({ missedAway: 3, lost: 0, evictedTail: 0, balanced: true });
    expect(cohort.state.missing()).toMatchObject([{ how: 'dropped', fault: 7, nextSequence: 1 }]);
    expect(cohort.returns.take().drops).toEqual([{ cohort: 'churn', fault: 7, clients: 2 }]);
  });

  it('counts a client once that the same fault drops again', () => {
    const cohort = startCohort(1, { kind: 'fast' });
    let client = cohort.connect(0);
    cohort.publish([client]);
    for (let round = 0; round < 3; round++) {
      client.end('dropped', 7);
      client = cohort.connect(0);
      cohort.publish([client]);
    }
    const { drops, returns } = cohort.returns.take();
    expect(drops).toEqual([{ cohort: 'churn', fault: 7, clients: 1 }]);
    expect(returns.map(({ isRepeated }) => isRepeated)).toEqual([undefined, true, true]);
  });

  it('waits for the first event of a client that is back, and hands in one that gets none', () => {
    const cohort = startCohort(1, { kind: 'fast' });
    const first = cohort.connect(0);
    cohort.publish([first]);
    first.end('dropped', 0);
    cohort.connect(0);
    cohort.publish([]);
    expect(cohort.state.progress()).toMatchObject({
      open: 1,
      joined: 0,
      waiting: 1,
      lowestNextSequence: null,
    });
    expect(cohort.state.missing()).toMatchObject([{ fault: 0, connectedAtMicros: 0, firstEvent: undefined }]);
    expect(cohort.account()).toMatchObject({ open: 1, behind: 0, balance: { missedAway: 1, lost: 0 } });
  });

  describe('while the run goes on', () => {
    it('has lost nothing that is on its way, and counts no event that is not settled', async () => {
      const cohort = startCohort(3);
      const [ahead, behind, gone] = [cohort.connect(0), cohort.connect(1), cohort.connect(2)];
      cohort.publish([ahead, behind, gone]);
      cohort.publish([ahead, gone]);
      gone.end('evicted');
      cohort.publish([ahead]);
      const part = await cohort.accountSoFar(2);
      expect(part).toMatchObject({ open: 2, evicted: 1, behind: 1, left: 0 });
      expect(part.balance).toMatchObject({
        ...{ published: 2, expected: 6, received: 5, leftTail: 1, evictedTail: 0, lost: 0 },
        ...{ balanced: true, imbalances: [] },
      });
    });

    it('counts an event that a later one has overtaken as lost', async () => {
      const cohort = startCohort(1);
      const one = cohort.connect(0);
      cohort.publish([one]);
      cohort.publish([]);
      cohort.publish([one]);
      const { balance } = await cohort.accountSoFar(3);
      expect(balance).toMatchObject({ received: 2, lost: 1, leftTail: 0, balanced: true });
    });

    it('changes nothing in the account at the end, with clients that come and go meanwhile', async () => {
      const results = [true, false].map(async (isAsked) => {
        const cohort = startCohort(600);
        let clients = Array.from({ length: 600 }, (_, number) => cohort.connect(number));
        const returnAll = () => {
          clients = clients.map((client, number) => {
            if (number % 7 !== 0) return client;
            client.end('left');
            return cohort.connect(number);
          });
        };
        let published = 0;
        for (; published < 20; published++) {
          cohort.publish(clients.slice(0, 600 - published));
          let rests = 0;
          const onRest = () => {
            if (rests++ === 1) returnAll();
          };
          if (!isAsked) returnAll();
          else {
            const { balance } = await cohort.accountSoFar(published, onRest);
            expect(balance).toMatchObject({ balanced: true, imbalances: [], lost: 0 });
            expect(rests).toBe(7);
          }
        }
        return cohort.account();
      });
      const [asked, notAsked] = await Promise.all(results);
      expect(asked).toEqual(notAsked);
    });
  });
});
