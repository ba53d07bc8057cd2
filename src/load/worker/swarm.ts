// The clients of one worker process, by cohort: connects them evenly, tells how far they are, and accounts for them at
// the end. They share one event log, in which each is a position.
import type { Cohort } from '../../client/cohort.ts';
import { ListeningClient } from '../../client/listening-client.ts';
import { noteUnread } from '../../client/note-unread.ts';
import { createClientLedger } from '../../ledger/client/client-ledger.ts';
import { createEventLog } from '../../ledger/events/event-log.ts';
import { createDeliveryRecorder, type DeliveryRecorder } from '../../ledger/latency/delivery-recorder.ts';
import type { ClientLedger, ClientOutcome, EventLogSnapshot, PublishedRange } from '../../ledger/ledger.ts';
import { foldLedger } from '../../ledger/ledger-balance.ts';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import type { CohortPart, CohortProgress, CohortSeconds, EvictionPart } from './worker-messages.ts';

/** Evictions described one by one, for each cohort and worker; all are counted. */
const MAX_DESCRIBED_EVICTIONS = 1_000;
/** Connections are opened in steps of this length. */
const RAMP_STEP_MILLIS = 20;

interface Member {
  readonly client: ListeningClient;
  readonly ledger: ClientLedger;
}

interface Company {
  readonly cohort: Cohort;
  readonly firstClient: number;
  readonly recorder: DeliveryRecorder;
  readonly members: Member[];
  readonly failures: Record<string, number>;
  attempted: number;
  /** Ended seconds that were handed out by `news`. */
  toldSeconds: number;
}

export interface Swarm {
  /** Resolves when every connection attempt has ended. */
  join(cohort: Cohort, firstClient: number, connectionsPerSecond: number): Promise<void>;
  measure(fromMicros: number, untilMicros: number): void;
  /** Whoever stalls reads out; resolves when it has begun. */
  drain(): Promise<void>;
  progress(): CohortProgress[];
  /** The seconds that have ended since this was called last, of cohorts that have any. */
  news(): CohortSeconds[];
  finish(ranges: Readonly<Record<string, PublishedRange>>): {
    cohorts: CohortPart[];
    events: EventLogSnapshot;
  };
}

export function createSwarm(runId: string, url: string, deadlineMillis: number, clock: Clock): Swarm {
  const log = createEventLog({ runId });
  const companies: Company[] = [];
  let isDraining = false;
  let window = { fromMicros: Number.POSITIVE_INFINITY, untilMicros: Number.POSITIVE_INFINITY };

  function applyWindow(recorder: DeliveryRecorder): void {
    recorder.measuredFromMicros = window.fromMicros;
    recorder.measuredUntilMicros = window.untilMicros;
  }

  async function join(cohort: Cohort, firstClient: number, connectionsPerSecond: number): Promise<void> {
    const recorder = createDeliveryRecorder();
    applyWindow(recorder);
    const company: Company = {
      cohort,
      firstClient,
      recorder,
      members: [],
      failures: {},
      attempted: 0,
      toldSeconds: 0,
    };
    companies.push(company);
    const startMicros = clock.nowMicros();
    const attempts: Promise<void>[] = [];
    while (attempts.length < cohort.clients) {
      const elapsedSeconds = (clock.nowMicros() - startMicros) / 1e6;
      const due = Math.min(
        cohort.clients,
        Math.ceil((elapsedSeconds + RAMP_STEP_MILLIS / 1e3) * connectionsPerSecond),
      );
      while (attempts.length < due) attempts.push(connect(company, attempts.length, true));
      if (attempts.length < cohort.clients) await pause(clock, RAMP_STEP_MILLIS);
    }
    await Promise.all(attempts);
  }

  /** `isFirst`: not a return of a client that was here before. */
  async function connect(company: Company, index: number, isFirst: boolean): Promise<void> {
    let ledger: ClientLedger | undefined;
    const client = new ListeningClient({
      url,
      behaviour: company.cohort.behaviour,
      clock,
      deadlineMillis,
      isProber: (company.firstClient + index) % 2 === 0,
      onRejoin: () => void (isDraining || connect(company, index, false)),
      createReceiver: (control) => {
        ledger = createClientLedger(log, company.recorder, control);
        return ledger;
      },
    });
    const opened = await client.open();
    if (isFirst) company.attempted += 1;
    if (opened.ok && ledger) company.members.push({ client, ledger });
    else {
      ledger?.close();
      const reason = opened.ok ? 'no receiver' : opened.problem;
      company.failures[reason] = (company.failures[reason] ?? 0) + 1;
    }
  }

  function finish(ranges: Readonly<Record<string, PublishedRange>>): {
    cohorts: CohortPart[];
    events: EventLogSnapshot;
  } {
    const cohorts = companies.map((company) =>
      account(company, ranges[company.cohort.name] ?? { first: 0, last: -1 }),
    );
    for (const { client, ledger } of companies.flatMap(({ members }) => members)) {
      client.close();
      ledger.close();
    }
    return { cohorts, events: log.snapshot() };
  }

  return {
    join,
    finish,
    measure(fromMicros, untilMicros) {
      window = { fromMicros, untilMicros };
      for (const { recorder } of companies) applyWindow(recorder);
    },
    async drain() {
      isDraining = true;
      const slow = companies.flatMap(({ cohort, members }) =>
        cohort.behaviour.kind === 'fast' ? [] : members.map(({ client }) => client),
      );
      await noteUnread(slow, url);
      for (const client of slow) client.drain();
    },
    progress: () => companies.map(describeProgress),
    news: () => companies.map(tellSeconds).filter(({ seconds }) => seconds.length > 0),
  };
}

function tellSeconds(company: Company): CohortSeconds {
  const seconds = company.recorder.endedSeconds(company.toldSeconds);
  company.toldSeconds += seconds.length;
  return { name: company.cohort.name, seconds };
}

function describeProgress({ cohort, members, attempted, recorder }: Company): CohortProgress {
  let open = 0;
  let joined = 0;
  let evicted = 0;
  let lowestNextSequence: number | null = null;
  for (const { client, ledger } of members) {
    if (!client.isOpen) {
      if (outcomeOf(client) === 'evicted') evicted += 1;
      continue;
    }
    open += 1;
    if (ledger.nextSequence >= 0) joined += 1;
    if (lowestNextSequence === null || ledger.nextSequence < lowestNextSequence)
      lowestNextSequence = ledger.nextSequence;
  }
  return {
    name: cohort.name,
    attempted,
    connected: members.length,
    open,
    joined,
    lowestNextSequence,
    deliveries: recorder.deliveries,
    evicted,
  };
}

function outcomeOf(client: ListeningClient): ClientOutcome {
  if (client.isOpen) return 'open';
  return client.facts.end?.kind === 'local' ? 'left' : 'evicted';
}

function account(company: Company, range: PublishedRange): CohortPart {
  const entries = company.members.map(({ client, ledger }) => ({
    snapshot: ledger.snapshot(),
    outcome: outcomeOf(client),
  }));
  const count = (outcome: ClientOutcome) => entries.filter((entry) => entry.outcome === outcome).length;
  const behind = entries.filter(
    ({ outcome, snapshot }) => outcome === 'open' && (snapshot.nextSequence ?? 0) <= range.last,
  ).length;
  const evictions: EvictionPart[] = [];
  for (const [index, { client, ledger }] of company.members.entries()) {
    if (outcomeOf(client) !== 'evicted' || evictions.length >= MAX_DESCRIBED_EVICTIONS) continue;
    evictions.push(describeEviction(company.firstClient + index, client, ledger));
  }
  return {
    name: company.cohort.name,
    clients: company.cohort.clients,
    connected: company.members.length,
    failures: company.failures,
    evicted: count('evicted'),
    left: count('left'),
    open: count('open'),
    behind,
    balance: foldLedger(entries, range),
    deliveries: company.recorder.snapshot(),
    evictions,
  };
}

function describeEviction(number: number, { facts }: ListeningClient, ledger: ClientLedger): EvictionPart {
  const how =
    ledger.closeCode > 0
      ? `Close ${ledger.closeCode}`
      : facts.end?.kind === 'fin'
        ? 'FIN'
        : (facts.end?.code ?? 'ended');
  return {
    client: number,
    localPort: facts.localPort,
    stalledAtMicros: facts.stalledAtMicros,
    stalledAfterMessages: facts.stalledAfterMessages,
    nextSequenceAtStall:
      facts.stalledAtMicros === undefined || ledger.nextSequence < 0
        ? undefined
        : ledger.nextSequence - (ledger.receivedMessages - facts.stalledAfterMessages),
    messages: ledger.receivedMessages,
    bytes: facts.bytesRead,
    clientKernelBytes: facts.unreadBytes,
    endedAtMicros: facts.endedAtMicros,
    how,
    window: facts.window,
  };
}
