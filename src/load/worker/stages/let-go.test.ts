// Clients that a stage lets go: counted as left, and one that got nothing for long is found although it is gone.
import { describe, expect, it } from 'vitest';
import { createClientLedger } from '../../../ledger/client/client-ledger.ts';
import { createEventLog } from '../../../ledger/events/event-log.ts';
import { createPublishLog } from '../../../ledger/published/publish-log.ts';
import { RefusedEvents } from '../../../ledger/refused-events.ts';
import { stampEvent } from '../../../protocol/content-check.ts';
import { encodeServerText } from '../../../wire/frame-writer.ts';
import { ReturnAccount } from '../../coordinator/returns/return-account.ts';
import type { CohortConnection } from '../account/cohort-connection.ts';
import { CohortState } from '../cohort-state.ts';
import { ReturnLog } from '../returns/return-log.ts';

const RUN_ID = 'run';
const EVENT = { type: 'deploy.progress', appId: 'app', payload: { sagaId: 's' } };
const EVENTS = 200;
const SECOND = 1e6;

/** Ten events a second for 20 s; one newcomer from `joins` to `leaves`, in seconds, which gets nothing or everything. */
function run({ joins, leaves, isDeaf }: { joins: number; leaves: number; isDeaf: boolean }) {
  const published = createPublishLog();
  const account = new ReturnAccount({
    log: published,
    settledSequences: () => EVENTS,
    faults: () => [],
    cohorts: { kept: new Set(['fast']), mustReturn: new Set() },
  });
  const [refused, log] = [new RefusedEvents(), new ReturnLog()];
  const cohort = { name: 'fast', clients: 1, behaviour: { kind: 'fast' } } as const;
  const state = new CohortState(cohort, { refused, log });
  state.measureFrom(0);
  const events = createEventLog({ runId: RUN_ID });
  let nowMicros = 0;
  const ledger = createClientLedger(events, state.recorder, undefined, {
    before: undefined,
    nowMicros: joins * SECOND,
    refused,
    onFirst: (sequence) => state.hasEvent(0, { sequence, atMicros: nowMicros }),
  });
  const facts = { connectedAtMicros: joins * SECOND, end: undefined, bytesRead: 0 };
  const client = { isOpen: true, isStalled: false, facts, drain() {}, leave() {}, close() {} };
  const connection = { number: 0, client, ledger } as unknown as CohortConnection;
  for (let sequence = 0; sequence < EVENTS; sequence++) {
    nowMicros = (sequence / 10) * SECOND;
    if (nowMicros === joins * SECOND) state.admit(connection);
    if (nowMicros === leaves * SECOND) state.handIn(state.memberOf(0)?.letGo('fast', 0, nowMicros));
    const text = stampEvent(EVENT, { runId: RUN_ID, sequence, dueMicros: 0 });
    published.add([text], nowMicros);
    const frame = encodeServerText(Buffer.from(text));
    if (!isDeaf && nowMicros >= joins * SECOND && nowMicros < leaves * SECOND)
      ledger.onBytes(frame, 0, frame.length, nowMicros);
  }
  account.add(0, log.take());
  const part = state.account({ first: 0, last: EVENTS - 1 });
  const health = {} as never;
  const result = {
    worker: 0,
    cohorts: [part],
    seconds: [],
    frameSizes: [],
    events: [],
    arrivals: [],
    health,
  };
  const [finished] = account.finish([{ ...result, returns: log.take() }], EVENTS);
  return finished?.cohorts[0];
}

describe('a client that its stage lets go', () => {
  it('has left, and is owed what came while it was there', () => {
    const part = run({ joins: 2, leaves: 15, isDeaf: false });
    expect(part).toMatchObject({ connected: 1, left: 1, open: 0, evicted: 0 });
    expect(part?.balance).toMatchObject({ balanced: true, received: 130, lost: 0, leftTail: 50 });
    expect(part?.deaf).toBeUndefined();
  });

  it('is deaf when it got nothing of what was published 5 s after its join and more', () => {
    const part = run({ joins: 2, leaves: 15, isDeaf: true });
    expect(part?.deaf).toBe(1);
    expect(part).toMatchObject({ left: 1, open: 0 });
    // From 7 s, when a hub should have registered it, to 14 s, when an event had a second to arrive.
    expect(part?.balance.balanced).toBe(true);
    expect(part?.balance.lost).toBe(70);
  });

  it('is not blamed on the hub when it left soon', () => {
    const part = run({ joins: 2, leaves: 8, isDeaf: true });
    expect(part?.deaf).toBeUndefined();
    expect(part?.balance).toMatchObject({ balanced: true, lost: 0 });
  });
});
