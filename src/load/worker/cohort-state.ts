// The clients of one cohort in one worker process, and what is counted of them. Apart from the sockets, so that tests
// can let clients come and go. A client that rejoins is one client: the connection it left is added to a sum and
// forgotten, so that memory grows with clients and not with connections.
import { mustBeEvicted } from '../../client/behaviour.ts';
import type { Cohort } from '../../client/cohort.ts';
import { createDeliveryRecorder } from '../../ledger/latency/delivery-recorder.ts';
import type { LedgerBalance, PublishedRange } from '../../ledger/ledger.ts';
import { mergeBalances } from '../../ledger/ledger-balance.ts';
import { RefusedEvents } from '../../ledger/refused-events.ts';
import type { Refusal } from '../../wire/connection.ts';
import { type Admission, type CohortConnection, outcomeOf } from './account/cohort-connection.ts';
import { accountFor, type ConnectionAccount, mergeAccounts } from './account/connection-account.ts';
import { LeftConnections } from './account/left-connections.ts';
import { CompressionCounts, type CompressionPart, mergeCompressionParts } from './compression-counts.ts';
import { FailureCounts } from './counts/handshake-counts.ts';
import { TlsCounts } from './counts/tls-counts.ts';
import type { AtHub, CohortPart, CohortProgress, StalledClient } from './worker-messages.ts';

/** Clients that are accounted for in one go while a run goes on: half a millisecond. */
const SLICE_CLIENTS = 100;

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
  /** Those that are closed. */
  private readonly left = new LeftConnections();
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
    const connections = this.inOrder();
    const { refused, hub } = this;
    const account = accountFor(connections, { range, refused, hub });
    return this.partOf(connections, account, this.left.balance(range, refused));
  }

  /**
   * The same while the run goes on, of what was settled: connections and counts stay as they are. `rest` is awaited between
   * slices of the clients.
   */
  async accountSoFar(
    range: PublishedRange,
    settled: RefusedEvents,
    rest: () => Promise<void>,
  ): Promise<AtHub<CohortPart>> {
    this.forgetClosed();
    const connections = this.inOrder();
    const leaving = [...this.leaving].map(({ ledger }) => ledger);
    const balanceOfLeft = this.left.balance(range, settled, leaving);
    const accounting = { range, refused: settled, hub: this.hub, isInterim: true };
    const accounts = [accountFor([], accounting)];
    for (let at = 0; at < connections.length; at += SLICE_CLIENTS) {
      await rest();
      accounts.push(accountFor(connections.slice(at, at + SLICE_CLIENTS), accounting));
    }
    await rest();
    return this.partOf(connections, mergeAccounts(accounts), balanceOfLeft);
  }

  /** The latest connection of each client that has one. */
  private inOrder(): CohortConnection[] {
    return [...this.present.values()].sort((a, b) => a.number - b.number);
  }

  private partOf(
    connections: readonly CohortConnection[],
    { open, evicted, left, behind, balance, evictions }: ConnectionAccount,
    balanceOfLeft: LedgerBalance,
  ): AtHub<CohortPart> {
    return {
      name: this.cohort.name,
      hub: this.hub,
      clients: this.cohort.clients,
      connected: this.connected,
      returned: this.returned,
      failures: this.failures.parts(),
      subprotocols: this.subprotocols,
      evicted,
      left: left + this.rejoins - this.returned,
      open,
      behind,
      balance: mergeBalances([balance, balanceOfLeft]),
      deliveries: this.recorder.snapshot(),
      tls: this.tls?.part(),
      addresses: this.addresses,
      compression: this.compressionPart(connections),
      evictions,
    };
  }

  private forgetClosed(): void {
    for (const connection of this.leaving) if (!connection.client.isOpen) this.forget(connection);
  }

  private forget(connection: CohortConnection): void {
    this.leaving.delete(connection);
    connection.ledger.close();
    this.compression?.close(connection.ledger.compressedBytes, connection.client.bytesRead);
    this.left.add(connection.ledger, this.refused);
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
