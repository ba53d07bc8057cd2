// The clients of one cohort in one worker process, and what is counted of them. Apart from the sockets, so that tests
// can let clients come and go. A client that rejoins is one client: the connection it left is added to a sum and
// forgotten, so that memory grows with clients and not with connections.
import { mustBeEvicted } from '../../client/behaviour.ts';
import type { Cohort } from '../../client/cohort.ts';
import type { ListeningClient } from '../../client/listening-client.ts';
import { DepartedClients } from '../../ledger/departed-clients.ts';
import { createDeliveryRecorder } from '../../ledger/latency/delivery-recorder.ts';
import type { ClientLedger, ClientOutcome, PublishedRange } from '../../ledger/ledger.ts';
import { foldLedger, mergeBalances } from '../../ledger/ledger-balance.ts';
import { RefusedEvents } from '../../ledger/refused-events.ts';
import type { Refusal } from '../../wire/connection.ts';
import type { TlsFacts } from '../../wire/tls/tls-facts.ts';
import { CompressionCounts, type CompressionPart, mergeCompressionParts } from './compression-counts.ts';
import { FailureCounts } from './counts/handshake-counts.ts';
import { TlsCounts } from './counts/tls-counts.ts';
import { describeEvictedClient } from './evicted-client.ts';
import type { AtHub, CohortPart, CohortProgress, StalledClient } from './worker-messages.ts';

/** Evictions described one by one, for each cohort and worker; all are counted. */
const MAX_DESCRIBED_EVICTIONS = 1_000;

/** Departed connections whose accounts are kept one by one. */
const MAX_LATELY_DEPARTED = 1_000;

export type CohortClient = Pick<
  ListeningClient,
  'isOpen' | 'isStalled' | 'socketEnds' | 'bytesRead' | 'facts' | 'drain' | 'close'
>;

/** One connection of a client. */
export interface CohortConnection {
  /** Of the client in its cohort, over all workers. */
  readonly number: number;
  readonly client: CohortClient;
  readonly ledger: ClientLedger;
}

/** How a connection was made. */
export interface Admission {
  readonly tls?: TlsFacts | undefined;
  /** What the host was resolved to. */
  readonly address?: string | undefined;
  /** What the hub chose of those that were offered, empty for none; undefined where none were. */
  readonly subprotocol?: string | undefined;
}

export interface CohortStateOptions {
  /** Grows while the run goes on. */
  readonly refused?: RefusedEvents;
  /** Which of several hubs the clients are connected to. */
  readonly hub?: number;
  readonly offersCompression?: boolean;
}

export class CohortState {
  readonly cohort: Cohort;
  readonly recorder = createDeliveryRecorder();
  /** The latest connection of each client that has one. */
  private readonly present = new Map<number, CohortConnection>();
  /** Connections whose clients rejoin, until their sockets are closed. */
  private readonly leaving = new Set<CohortConnection>();
  /** Accounts of connections that are gone, the latest one by one: they may hold events that are still unanswered. */
  private readonly lately: ClientLedger[] = [];
  private readonly departed = new DepartedClients();
  readonly refused: RefusedEvents;
  /** Which of several hubs these clients are connected to. */
  readonly hub: number;
  private readonly failures = new FailureCounts();
  private readonly subprotocols: Record<string, number> = {};
  private tls: TlsCounts | undefined;
  private readonly addresses: Record<string, number> = {};
  private readonly compression: CompressionCounts | undefined;
  private attempted = 0;
  private connected = 0;
  private rejoins = 0;
  private returned = 0;

  constructor(
    cohort: Cohort,
    { refused = new RefusedEvents(), hub = 0, offersCompression = false }: CohortStateOptions = {},
  ) {
    this.cohort = cohort;
    this.hub = hub;
    this.refused = refused;
    if (offersCompression) this.compression = new CompressionCounts();
  }

  /** Connections that are held in memory. */
  get held(): number {
    return this.present.size + this.leaving.size;
  }

  connections(): CohortConnection[] {
    return [...this.present.values(), ...this.leaving];
  }

  /** A first attempt to connect, or one to return, has succeeded. */
  admit(
    connection: CohortConnection,
    isReturn: boolean,
    { tls, address, subprotocol }: Admission = {},
  ): void {
    if (tls) {
      this.tls ??= new TlsCounts();
      this.tls.add(tls, connection.client.facts.connectedAtMicros ?? 0);
    }
    this.compression?.open(connection.client.facts.extensions);
    if (subprotocol !== undefined) this.subprotocols[subprotocol] = (this.subprotocols[subprotocol] ?? 0) + 1;
    if (isReturn) this.returned++;
    else {
      this.attempted++;
      this.connected++;
      if (address !== undefined) this.addresses[address] = (this.addresses[address] ?? 0) + 1;
    }
    this.present.set(connection.number, connection);
  }

  fail(failure: Pick<Refusal, 'cause' | 'problem'>, isReturn: boolean): void {
    if (!isReturn) this.attempted++;
    this.failures.add(failure);
  }

  /** The client ended this connection and is about to return. */
  leaveToReturn(connection: CohortConnection): void {
    this.rejoins++;
    if (this.present.get(connection.number) === connection) this.present.delete(connection.number);
    this.leaving.add(connection);
  }

  progress(): AtHub<CohortProgress> {
    this.forgetClosed();
    let [open, joined, evicted] = [0, 0, 0];
    let lowestNextSequence: number | null = null;
    for (const { client, ledger } of this.present.values()) {
      if (!client.isOpen) {
        if (outcomeOf(client) === 'evicted') evicted++;
        continue;
      }
      open++;
      if (ledger.nextSequence >= 0) joined++;
      if (lowestNextSequence === null || ledger.nextSequence < lowestNextSequence)
        lowestNextSequence = ledger.nextSequence;
    }
    const { attempted, connected } = this;
    const { deliveries } = this.recorder;
    if (lowestNextSequence !== null) lowestNextSequence = this.acceptedBefore(lowestNextSequence);
    const failures = this.failures.sums();
    return {
      ...(failures === undefined ? {} : { failures }),
      name: this.cohort.name,
      hub: this.hub,
      attempted,
      connected,
      open,
      joined,
      lowestNextSequence,
      deliveries,
      evicted,
    };
  }

  stalled(): StalledClient[] {
    if (!mustBeEvicted(this.cohort.behaviour)) return [];
    return [...this.present.values()].flatMap(({ client, ledger }) => {
      const { socketEnds, facts } = client;
      const { stalledAtMicros } = facts;
      if (!client.isOpen || !client.isStalled || socketEnds === undefined || stalledAtMicros === undefined)
        return [];
      const nextSequence = ledger.nextSequence < 0 ? undefined : ledger.nextSequence;
      return [{ socketEnds, nextSequence, stalledAtMicros }];
    });
  }

  account(range: PublishedRange): AtHub<CohortPart> {
    this.forgetClosed();
    for (const connection of this.leaving) this.forget(connection);
    const connections = [...this.present.values()].sort((a, b) => a.number - b.number);
    const entries = connections.map(({ client, ledger }) => ({
      snapshot: ledger.snapshot(this.refused),
      outcome: outcomeOf(client),
    }));
    const lately = this.lately.map((ledger) => ({
      snapshot: ledger.snapshot(this.refused),
      outcome: 'left' as const,
    }));
    const count = (outcome: ClientOutcome) => entries.filter((entry) => entry.outcome === outcome).length;
    const behind = entries.filter(
      ({ outcome, snapshot }) => outcome === 'open' && (snapshot.nextSequence ?? 0) <= range.last,
    ).length;
    const evictions = connections
      .filter(({ client }) => outcomeOf(client) === 'evicted')
      .slice(0, MAX_DESCRIBED_EVICTIONS);
    return {
      name: this.cohort.name,
      hub: this.hub,
      clients: this.cohort.clients,
      connected: this.connected,
      returned: this.returned,
      failures: this.failures.parts(),
      subprotocols: this.subprotocols,
      evicted: count('evicted'),
      left: count('left') + this.rejoins - this.returned,
      open: count('open'),
      behind,
      balance: mergeBalances([
        foldLedger(entries, range),
        // A connection that a client left owes it nothing but what came after its first event.
        foldLedger(lately, { ...range, owedFrom: undefined }),
        this.departed.balance(range.last, range.unansweredLast),
      ]),
      deliveries: this.recorder.snapshot(),
      tls: this.tls?.part(),
      addresses: this.addresses,
      compression: this.compressionPart(connections),
      evictions: evictions.map((connection) => describeEvictedClient(connection, this)),
    };
  }

  private forgetClosed(): void {
    for (const connection of this.leaving) if (!connection.client.isOpen) this.forget(connection);
  }

  private forget(connection: CohortConnection): void {
    this.leaving.delete(connection);
    connection.ledger.close();
    this.compression?.close(connection.ledger.compressedBytes, connection.client.bytesRead);
    this.lately.push(connection.ledger);
    if (this.lately.length <= MAX_LATELY_DEPARTED) return;
    const oldest = this.lately.shift();
    if (oldest) this.departed.add(oldest.snapshot(this.refused));
  }

  /** What is gone, and what is still here. */
  private compressionPart(connections: readonly CohortConnection[]): CompressionPart | undefined {
    if (this.compression === undefined) return undefined;
    const present = new CompressionCounts();
    for (const { client, ledger } of connections) present.close(ledger.compressedBytes, client.bytesRead);
    return mergeCompressionParts([this.compression.part, present.part]);
  }

  private acceptedBefore(nextSequence: number): number {
    return nextSequence < 0 ? nextSequence : this.refused.rankOf(nextSequence);
  }
}

function outcomeOf({ isOpen, facts }: CohortClient): ClientOutcome {
  if (isOpen) return 'open';
  return facts.end?.kind === 'local' ? 'left' : 'evicted';
}
