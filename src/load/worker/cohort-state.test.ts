// Clients that come, go and return: what is held in memory, what is counted, and that the ledger still balances.
import { describe, expect, it } from 'vitest';
import { createClientLedger } from '../../ledger/client/client-ledger.ts';
import { createEventLog } from '../../ledger/events/event-log.ts';
import type { ClientLedger } from '../../ledger/ledger.ts';
import { RefusedEvents } from '../../ledger/refused-events.ts';
import { stampEvent } from '../../protocol/content-check.ts';
import { encodeServerText } from '../../wire/frame-writer.ts';
import type { CohortClient, CohortConnection } from './account/cohort-connection.ts';
import { CohortState } from './cohort-state.ts';

const RUN_ID = 'run';
const EVENT = {
  type: 'deploy.progress',
  appId: 'app',
  payload: { sagaId: 'saga', message: 'text' },
};
const frameOf = (sequence: number): Buffer =>
  encodeServerText(Buffer.from(stampEvent(EVENT, { runId: RUN_ID, sequence, dueMicros: 0 })));

type Ending = NonNullable<CohortClient['facts']['end']>['kind'];

/** A cohort whose clients read what is published while they are connected. */
function startCohort(clients: number) {
  const log = createEventLog({ runId: RUN_ID });
  const refused = new RefusedEvents();
  const churn = { kind: 'churn', everyMillis: 1_000 } as const;
  const state = new CohortState({ name: 'churn', clients, behaviour: churn }, { refused });
  let published = 0;

  function connect(number: number, isReturn = false) {
    const ledger: ClientLedger = createClientLedger(log, state.recorder);
    const facts = { end: undefined, window: 'default', stalledAfterMessages: 0, bytesRead: 0 };
    const client = { isOpen: true, isStalled: false, socketEnds: 1, facts, drain() {}, close() {} };
    const connection = { number, client, ledger } as unknown as CohortConnection;
    state.admit(connection, isReturn);
    return {
      connection,
      read: (frame: Buffer) => ledger.onBytes(frame, 0, frame.length, published),
      end(kind: Ending) {
        ledger.onEnd();
        Object.assign(client, { isOpen: false });
        Object.assign(facts, { end: { kind } });
      },
    };
  }

  return {
    state,
    refused,
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
        cohort.state.leaveToReturn(client.connection);
        client.end('local');
        return cohort.connect(client.connection.number, true);
      });
      expect(cohort.state.progress()).toMatchObject({ attempted: 3, connected: 3, open: 3, evicted: 0 });
      expect(cohort.state.held).toBe(3);
      expect(cohort.log.followers.size).toBe(3);
    }
    cohort.publish(clients);
    const part = cohort.account();
    expect(part).toMatchObject({ clients: 3, connected: 3, returned: 1_500, open: 3, left: 0, behind: 0 });
    expect(part.balance).toMatchObject({
      clients: 1_503,
      received: 1_503,
      lost: 0,
      balanced: true,
      imbalances: [],
    });
    // Each of 1,500 connections received one event and left before the rest of the 501: 3 x (500 + 499 + … + 1).
    expect(part.balance.leftTail).toBe((3 * 500 * 501) / 2);
  });

  it.each([10, 1_500])('owes no event that was never answered to %i clients that left with it', (clients) => {
    const cohort = startCohort(clients);
    const all = Array.from({ length: clients }, (_, number) => cohort.connect(number));
    cohort.publish(all);
    cohort.publish(all);
    for (const { connection, end } of all) {
      cohort.state.leaveToReturn(connection);
      end('local');
    }
    cohort.state.progress();
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

  it('holds a connection that is closing until its socket is closed', () => {
    const cohort = startCohort(1);
    const first = cohort.connect(0);
    cohort.state.leaveToReturn(first.connection);
    cohort.connect(0, true);
    cohort.state.progress();
    expect(cohort.state.held).toBe(2);
    first.end('local');
    cohort.state.progress();
    expect(cohort.state.held).toBe(1);
  });

  it('counts a client that did not come back as left, with its failure', () => {
    const cohort = startCohort(2);
    const [first, second] = [cohort.connect(0), cohort.connect(1)];
    cohort.publish([first, second]);
    cohort.state.leaveToReturn(first.connection);
    first.end('local');
    cohort.state.fail({ cause: 'refused', problem: 'nothing listens' }, true);
    const part = cohort.account();
    const failures = [{ cause: 'refused', reason: 'nothing listens', count: 1 }];
    expect(part).toMatchObject({ connected: 2, returned: 0, left: 1, open: 1, failures });
    expect(cohort.state.progress().failures).toEqual({ refused: 1 });
    expect(part.balance).toMatchObject({ clients: 2, balanced: true });
  });

  it('keeps the number of an evicted client that has returned before', () => {
    const cohort = startCohort(2);
    const [first, second] = [cohort.connect(0), cohort.connect(1)];
    cohort.publish([first, second]);
    cohort.state.leaveToReturn(first.connection);
    first.end('local');
    const again = cohort.connect(0, true);
    cohort.publish([again, second]);
    again.end('fin');
    const part = cohort.account();
    expect(part).toMatchObject({ evicted: 1, open: 1, left: 0 });
    expect(part.evictions).toMatchObject([{ client: 0, how: 'FIN', messages: 1 }]);
  });

  describe('while the run goes on', () => {
    it('has lost nothing that is on its way, and counts no event that is not settled', async () => {
      const cohort = startCohort(3);
      const [ahead, behind, gone] = [cohort.connect(0), cohort.connect(1), cohort.connect(2)];
      cohort.publish([ahead, behind, gone]);
      cohort.publish([ahead, gone]);
      gone.end('fin');
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
            cohort.state.leaveToReturn(client.connection);
            if (number % 2 === 0) client.end('local');
            return cohort.connect(number, true);
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
