// Random programs of publishing, connections, ends and returns, against a model that says for each client and event where it is.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createClientLedger } from '../../../ledger/client/client-ledger.ts';
import { createEventLog } from '../../../ledger/events/event-log.ts';
import type { LedgerBalance } from '../../../ledger/ledger.ts';
import { mergeBalances } from '../../../ledger/ledger-balance.ts';
import { createPublishLog } from '../../../ledger/published/publish-log.ts';
import { RefusedEvents } from '../../../ledger/refused-events.ts';
import { stampEvent } from '../../../protocol/content-check.ts';
import { encodeServerText } from '../../../wire/frame-writer.ts';
import type { CohortConnection } from '../../worker/account/cohort-connection.ts';
import { CohortState } from '../../worker/cohort-state.ts';
import { ReturnLog } from '../../worker/returns/return-log.ts';
import type { WorkerResult } from '../../worker/worker-messages.ts';
import { ReturnAccount } from './return-account.ts';

const CLIENTS = 4;
const WORKERS = 2;
const RUN_ID = 'run';
const EVENT = { type: 'deploy.progress', appId: 'app', payload: { sagaId: 'saga', message: 'text' } };

type Ending = 'dropped' | 'evicted' | 'left';
type Command =
  /** `skipped`: bits of the clients that the hub leaves out. */
  | { readonly kind: 'publish'; readonly fate: 'accepted' | 'refused' | 'allowed'; readonly skipped: number }
  | { readonly kind: 'connect'; readonly client: number; readonly isRegistered: boolean }
  /** The hub registers the client only now. */
  | { readonly kind: 'register'; readonly client: number }
  | { readonly kind: 'end'; readonly client: number; readonly how: Ending }
  | { readonly kind: 'report' };

const client = fc.nat(CLIENTS - 1);
const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('publish' as const),
        fate: fc.oneof(
          { weight: 5, arbitrary: fc.constant('accepted' as const) },
          fc.constantFrom('refused' as const, 'allowed' as const),
        ),
        skipped: fc.oneof(fc.constant(0), fc.nat(2 ** CLIENTS - 1)),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('connect' as const), client, isRegistered: fc.boolean() }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('register' as const), client }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('end' as const),
        client,
        how: fc.constantFrom<Ending>('dropped', 'evicted', 'left'),
      }),
    },
    fc.record({ kind: fc.constant('report' as const) }),
  ),
  { maxLength: 80 },
);

interface ModelEvent {
  readonly fate: 'accepted' | 'refused' | 'allowed';
  readonly atMicros: number;
}

interface ModelConnection {
  readonly fromMicros: number;
  end: { readonly how: Ending; readonly atMicros: number } | undefined;
  /** The numbers of the events that came, in their order. */
  readonly got: number[];
}

type Places = Record<'received' | 'lost' | 'evictedTail' | 'leftTail' | 'missedAway' | 'lateJoin', number>;

/** Where each accepted event is, looked at one by one. */
function placesOf(
  events: readonly ModelEvent[],
  connections: readonly ModelConnection[],
  isLate: boolean,
): Places {
  const places: Places = { received: 0, lost: 0, evictedTail: 0, leftTail: 0, missedAway: 0, lateJoin: 0 };
  const withEvents = connections.filter(({ got }) => got.length > 0);
  const joined = withEvents[0];
  const last = connections.at(-1);
  const accepted = [...events.entries()].filter(([, { fate }]) => fate === 'accepted');
  for (const [sequence, { atMicros }] of accepted) {
    if (withEvents.some(({ got }) => got.includes(sequence))) places.received++;
    else if (joined === undefined || sequence < (joined.got[0] as number)) {
      // Who joined late is owed what came after its join, of the connection on which its first event came.
      const join = joined ?? (last?.end === undefined ? last : undefined);
      if (isLate && join && atMicros > join.fromMicros) places[joined ? 'lateJoin' : 'lost']++;
    } else places[placeOfMissing(sequence, atMicros, connections)]++;
  }
  return places;
}

function placeOfMissing(
  sequence: number,
  atMicros: number,
  connections: readonly ModelConnection[],
): keyof Places {
  const before = connections.findLast(({ got }) => got.some((one) => one < sequence)) as ModelConnection;
  const after = connections.find(({ got }) => got.some((one) => one > sequence));
  if (after === before || before.end === undefined) return 'lost';
  const last = connections.at(-1) as ModelConnection;
  const back = after ?? (last.end === undefined ? last : undefined);
  const tail =
    before.end.how === 'dropped' ? 'missedAway' : before.end.how === 'evicted' ? 'evictedTail' : 'leftTail';
  if (back === undefined || atMicros <= before.end.atMicros) return tail;
  if (atMicros <= back.fromMicros) return 'missedAway';
  return after === undefined ? 'lost' : 'lateJoin';
}

/** Two workers with the clients in turn. Clients 0 and 1 are there from the start and have the first event. */
function runProgram(program: readonly Command[]) {
  const log = createPublishLog();
  const events: ModelEvent[] = [];
  const account = new ReturnAccount({
    log,
    settledSequences: () => events.length,
    faults: () => [],
    cohorts: { kept: new Set(['fast']), mustReturn: new Set() },
  });
  const workers = Array.from({ length: WORKERS }, () => {
    const [refused, returns] = [new RefusedEvents(), new ReturnLog()];
    const cohort = { name: 'fast', clients: CLIENTS / WORKERS, behaviour: { kind: 'fast' } } as const;
    return {
      refused,
      returns,
      events: createEventLog({ runId: RUN_ID }),
      state: new CohortState(cohort, { refused, log: returns }),
    };
  });
  const model = Array.from({ length: CLIENTS }, (): ModelConnection[] => []);
  const live = new Map<number, { connection: CohortConnection; isRegistered: boolean }>();
  let nowMicros = 0;
  const workerOf = (number: number) => workers[number % WORKERS] as (typeof workers)[number];

  function connect(number: number, isRegistered: boolean): void {
    if (live.has(number)) return;
    const { state, refused, events: eventLog } = workerOf(number);
    const ledger = createClientLedger(eventLog, state.recorder, undefined, {
      before: state.memberOf(number)?.ledger,
      nowMicros,
      refused,
      onFirst: (sequence) => state.hasEvent(number, { sequence, atMicros: nowMicros }),
    });
    const facts = { connectedAtMicros: nowMicros, bytesRead: 0 };
    const connection = { number, client: { isOpen: true, facts }, ledger } as unknown as CohortConnection;
    state.admit(connection);
    live.set(number, { connection, isRegistered });
    model[number]?.push({ fromMicros: nowMicros, end: undefined, got: [] });
  }

  function publish(fate: ModelEvent['fate'], skipped: number): void {
    const sequence = events.length;
    const text = stampEvent(EVENT, { runId: RUN_ID, sequence, dueMicros: nowMicros });
    const frame = encodeServerText(Buffer.from(text));
    for (const [number, { connection, isRegistered }] of live) {
      const hasAny = model[number]?.some(({ got }) => got.some((one) => events[one]?.fate === 'accepted'));
      // Who has only what nobody is owed has nothing, which is tested elsewhere.
      if (!isRegistered || (skipped & (1 << number)) !== 0 || (fate !== 'accepted' && !hasAny)) continue;
      model[number]?.at(-1)?.got.push(sequence);
      connection.ledger.onBytes(frame, 0, frame.length, nowMicros);
    }
    events.push({ fate, atMicros: nowMicros });
    if (fate === 'accepted') {
      log.add([text], nowMicros);
      return;
    }
    account.refuse(sequence, sequence, fate);
    for (const { refused } of workers) refused.add(sequence, sequence, fate);
  }

  function end(number: number, how: Ending): void {
    const one = live.get(number);
    if (one === undefined) return;
    one.connection.ledger.onEnd();
    workerOf(number).state.end(one.connection, {
      how,
      atMicros: nowMicros,
      ...(how === 'dropped' && { fault: 0 }),
    });
    live.delete(number);
    Object.assign(model[number]?.at(-1) ?? {}, { end: { how, atMicros: nowMicros } });
  }

  function report(): void {
    for (const [index, { returns }] of workers.entries()) account.add(index, returns.take());
  }

  for (const number of [0, 1]) connect(number, true);
  nowMicros += 1e6;
  publish('accepted', 0);
  for (const { state } of workers) state.measureFrom(nowMicros + 1);
  for (const command of program) {
    nowMicros += 1e6;
    if (command.kind === 'publish') publish(command.fate, command.skipped);
    else if (command.kind === 'connect') connect(command.client, command.isRegistered);
    else if (command.kind === 'end') end(command.client, command.how);
    else if (command.kind === 'report') report();
    else {
      const one = live.get(command.client);
      if (one) one.isRegistered = true;
    }
  }
  const accepted = events.filter(({ fate }) => fate === 'accepted').length;
  const range = { first: 0, last: accepted - 1, owedFrom: 1 };
  const results = workers.map(({ state, returns }, worker) => {
    for (const record of state.missing()) returns.addReturn(record);
    return { worker, cohorts: [state.account(range)] } as unknown as WorkerResult;
  });
  report();
  const balances = account
    .finish(results, accepted)
    .flatMap(({ cohorts }) => cohorts.map(({ balance }) => balance));
  const expected = model.map((connections, number) => placesOf(events, connections, number > 1));
  return { balances, expected, refusedReceived: countRefused(events, model) };
}

function countRefused(events: readonly ModelEvent[], model: readonly (readonly ModelConnection[])[]): number {
  const got = model.flatMap((connections) => connections.flatMap((connection) => connection.got));
  return got.filter((sequence) => events[sequence]?.fate === 'refused').length;
}

const sumOf = (places: readonly Places[], key: keyof Places) =>
  places.reduce((sum, place) => sum + place[key], 0);

function shown(balance: LedgerBalance) {
  const { received, lost, evictedTail, leftTail, missedAway, lateJoin } = balance;
  return { received, lost, evictedTail, leftTail, missedAway, lateJoin };
}

it('has every event of every client in its place, and balances for each worker and for all', () => {
  fc.assert(
    fc.property(commands, (program) => {
      const { balances, expected, refusedReceived } = runProgram(program);
      for (const [worker, balance] of balances.entries()) {
        const own = expected.filter((_, number) => number % WORKERS === worker);
        const keys = Object.keys(shown(balance)) as (keyof Places)[];
        expect(shown(balance)).toEqual(Object.fromEntries(keys.map((key) => [key, sumOf(own, key)])));
        expect(balance.imbalances).toEqual([]);
      }
      const all = mergeBalances(balances);
      expect(all).toMatchObject({
        balanced: true,
        duplicated: 0,
        reordered: 0,
        replayed: 0,
        refused: refusedReceived,
      });
    }),
    { numRuns: 300 },
  );
});
