// The clients of one cohort in one worker process, and what is counted of them. Apart from the sockets, so that tests
// can let clients come and go. A client is one client over all its connections, so that memory grows with clients and not
// with connections.
import { mustBeEvicted, mustBeKept } from '../../client/behaviour.ts';
import type { Cohort } from '../../client/cohort.ts';
import { createDeliveryRecorder } from '../../ledger/latency/delivery-recorder.ts';
import type { PublishedRange } from '../../ledger/ledger.ts';
import { RefusedEvents } from '../../ledger/refused-events.ts';
import type { Refusal } from '../../wire/connection.ts';
import type { Admission, CohortConnection } from './account/cohort-connection.ts';
import { accountFor, type MemberAccount, mergeAccounts } from './account/member-account.ts';
import { progressOf } from './account/member-progress.ts';
import { CohortMember, type ConnectionEnding } from './cohort-member.ts';
import { CompressionCounts, type CompressionPart, mergeCompressionParts } from './compression-counts.ts';
import { AdmissionCounts } from './counts/admission-counts.ts';
import { describeEvictedClient } from './evicted-client.ts';
import { ReturnLog } from './returns/return-log.ts';
import type { FirstEvent, ReturnRecord } from './returns/return-messages.ts';
import type { AtHub, CohortPart, CohortProgress, EvictionPart, StalledClient } from './worker-messages.ts';

/** Evictions described one by one, for each cohort and worker; all are counted. */
const MAX_DESCRIBED_EVICTIONS = 1_000;

/** Clients that are accounted for in one go while a run goes on: half a millisecond. */
const SLICE_CLIENTS = 100;

export interface CohortStateOptions {
  /** Grows while the run goes on. */
  readonly refused?: RefusedEvents;
  /** Which of several hubs the clients are connected to. */
  readonly hub?: number;
  readonly offersCompression?: boolean;
  /** What is handed in of clients that were away. */
  readonly log?: ReturnLog;
}

export class CohortState {
  readonly cohort: Cohort;
  readonly recorder = createDeliveryRecorder();
  /** That join by stages. */
  newcomers = 0;
  /** Clients that were connected at least once. */
  private readonly members = new Map<number, CohortMember>();
  private readonly describedEvictions: EvictionPart[] = [];
  readonly refused: RefusedEvents;
  /** Which of several hubs these clients are connected to. */
  readonly hub: number;
  private readonly log: ReturnLog;
  readonly admissions = new AdmissionCounts();
  private readonly compression: CompressionCounts | undefined;
  private readonly isKept: boolean;
  /** Clients whose connection the hub ended are described at once, before another connection continues their account. */
  private readonly comesBack: boolean;
  private owedSinceMicros = Number.POSITIVE_INFINITY;

  constructor(
    cohort: Cohort,
    {
      refused = new RefusedEvents(),
      hub = 0,
      offersCompression = false,
      log = new ReturnLog(),
    }: CohortStateOptions = {},
  ) {
    this.cohort = cohort;
    this.hub = hub;
    this.refused = refused;
    this.log = log;
    this.isKept = mustBeKept(cohort.behaviour);
    this.comesBack = cohort.reconnect !== undefined;
    if (offersCompression) this.compression = new CompressionCounts();
  }

  /** Clients that connect from now on are owed events from their own join. */
  measureFrom(fromMicros: number): void {
    this.owedSinceMicros = fromMicros;
  }

  connections(): CohortConnection[] {
    return [...this.members.values()].flatMap(({ isOpen, connection }) =>
      isOpen && connection ? [connection] : [],
    );
  }

  /** The client with this number, if it was connected before. */
  memberOf(number: number): CohortMember | undefined {
    return this.members.get(number);
  }

  /** A first attempt to connect, or one to return, has succeeded. */
  admit(connection: CohortConnection, admission: Admission = {}): CohortMember {
    const { number, client } = connection;
    const atMicros = client.facts.connectedAtMicros ?? 0;
    const known = this.members.get(number);
    this.admissions.admit(number, admission, known !== undefined, atMicros);
    this.compression?.open(client.facts.extensions);
    const member = known ?? new CohortMember(number);
    if (known) this.log.addAttempt(known.fault, atMicros, true);
    else member.joinedLate = this.isKept && atMicros >= this.owedSinceMicros;
    this.members.set(number, member);
    member.connect(connection, atMicros);
    return member;
  }

  /** A first attempt to connect, or one to return, has failed. */
  fail(number: number, failure: Pick<Refusal, 'cause' | 'problem'>, atMicros: number): void {
    const member = this.members.get(number);
    this.admissions.fail(number, failure, member !== undefined);
    if (member) this.log.addAttempt(member.fault, atMicros, false);
  }

  /** The connection of a client is over; not called twice for one. */
  end(connection: CohortConnection, ending: ConnectionEnding): void {
    const member = this.members.get(connection.number);
    if (!member?.isOpen || member.connection !== connection) return;
    const { fault } = ending;
    if (ending.how === 'dropped' && fault !== undefined && !member.isAway && !member.wasDroppedBy(fault))
      this.log.addDrop(this.cohort.name, fault);
    member.end(ending);
    const isDescribed = this.comesBack && this.describedEvictions.length < MAX_DESCRIBED_EVICTIONS;
    if (ending.how === 'evicted' && isDescribed)
      this.describedEvictions.push(describeEvictedClient(connection, this));
    // Whoever had no event is owed those from its next join.
    if (member.isAway && this.isKept && connection.ledger.snapshot().firstSequence === undefined)
      member.joinedLate = true;
    connection.ledger.close();
    this.compression?.close(connection.ledger.compressedBytes, connection.client.bytesRead);
  }

  /** The first event on a connection. */
  hasEvent(number: number, event: FirstEvent): void {
    this.handIn(this.members.get(number)?.returned(this.cohort.name, this.hub, event));
  }

  handIn(record: ReturnRecord | undefined): void {
    if (record) this.log.addReturn(record);
  }

  progress(): AtHub<CohortProgress> {
    const { attempted, connected } = this.admissions;
    const failures = this.admissions.failures.sums();
    return {
      ...(failures === undefined ? {} : { failures }),
      name: this.cohort.name,
      hub: this.hub,
      attempted,
      connected,
      ...progressOf(this.members.values(), this.refused),
      deliveries: this.recorder.deliveries,
    };
  }

  stalled(): StalledClient[] {
    if (!mustBeEvicted(this.cohort.behaviour)) return [];
    return this.connections().flatMap(({ client, ledger }) => {
      const { socketEnds, facts } = client;
      const { stalledAtMicros } = facts;
      const isStalled = client.isOpen && client.isStalled;
      if (!isStalled || socketEnds === undefined || stalledAtMicros === undefined) return [];
      const nextSequence = ledger.nextSequence < 0 ? undefined : ledger.nextSequence;
      return [{ socketEnds, nextSequence, stalledAtMicros }];
    });
  }

  /** Of clients that are away, or connected and without an event, at the end of the run. */
  missing(): ReturnRecord[] {
    return [...this.members.values()].flatMap((member) => member.missing(this.cohort.name, this.hub) ?? []);
  }

  account(range: PublishedRange): AtHub<CohortPart> {
    return this.partOf(accountFor(this.inOrder(), { range, refused: this.refused }));
  }

  /** The same while the run goes on, of what was settled. `rest` is awaited between slices of the clients. */
  async accountSoFar(
    range: PublishedRange,
    settled: RefusedEvents,
    rest: () => Promise<void>,
  ): Promise<AtHub<CohortPart>> {
    const members = this.inOrder();
    const accounting = { range, refused: settled, isInterim: true };
    const accounts = [accountFor([], accounting)];
    for (let at = 0; at < members.length; at += SLICE_CLIENTS) {
      await rest();
      accounts.push(accountFor(members.slice(at, at + SLICE_CLIENTS), accounting));
    }
    await rest();
    return this.partOf(mergeAccounts(accounts));
  }

  private inOrder(): CohortMember[] {
    return [...this.members.values()].sort((a, b) => a.number - b.number);
  }

  private partOf({ open, evicted, left, away, behind, balance }: MemberAccount): AtHub<CohortPart> {
    return {
      name: this.cohort.name,
      hub: this.hub,
      clients: this.cohort.clients + this.newcomers,
      ...this.admissions.part(),
      ...(away > 0 && { away }),
      ...{ evicted, left, open, behind, balance },
      deliveries: this.recorder.snapshot(),
      compression: this.compressionPart(),
      evictions: this.evictions(),
    };
  }

  private evictions(): EvictionPart[] {
    const present = this.inOrder().flatMap(({ ending, connection }) =>
      !this.comesBack && ending?.how === 'evicted' && connection
        ? [describeEvictedClient(connection, this)]
        : [],
    );
    return [...this.describedEvictions, ...present].slice(0, MAX_DESCRIBED_EVICTIONS);
  }

  /** What is gone, and what is still here. */
  private compressionPart(): CompressionPart | undefined {
    if (this.compression === undefined) return undefined;
    const present = new CompressionCounts();
    for (const { client, ledger } of this.connections())
      present.close(ledger.compressedBytes, client.bytesRead);
    return mergeCompressionParts([this.compression.part, present.part]);
  }
}
