// What the coordinator and its worker processes say to each other: plain data over the IPC channel.

import type { Cohort } from '../../client/cohort.ts';
import type { ReadBackend } from '../../kit/read-backends.ts';
import type { EncodedDigests } from '../../ledger/events/event-digests.ts';
import type { ArrivalTimes } from '../../ledger/events/first-arrivals.ts';
import type { FrameSizeList } from '../../ledger/events/frame-sizes.ts';
import type { DeliverySecond, DeliverySnapshot } from '../../ledger/latency/delivery-recorder.ts';
import type { PublisherBlock } from '../../ledger/latency/publisher-blocks.ts';
import type { EventLogSnapshot, LedgerBalance, PublishedRange } from '../../ledger/ledger.ts';
import type { UnowedKind } from '../../ledger/refused-events.ts';
import type { HubAccess } from '../../target/identity/client-identity.ts';
import type { SocketEnds } from '../../wire/kernel/socket-ends.ts';
import type { FaultWindow } from '../faults/fault-window.ts';
import type { PlanSummary } from '../plan/plan-summary.ts';
import type { ConnectedByAddress } from '../result/parts/addresses.ts';
import type { ProcessHealth } from '../result/result.ts';
import type { ClockOffset } from './agent/clock-offset.ts';
import type { CompressionPart } from './compression-counts.ts';
import type { CausedFailures, FailurePart, SubprotocolCounts } from './counts/handshake-counts.ts';
import type { TlsPart } from './counts/tls-counts.ts';
import type { ReturnBatch } from './returns/return-messages.ts';

/** Of the clients of one hub, counted from 0 in the order of the command line. */
export type AtHub<T> = T & { readonly hub: number };

/** What every worker of a run is given first. */
export interface WorkerStart {
  /** What the run is to do; an agent compares it with what it was claimed for. */
  readonly plan: PlanSummary;
  readonly runId: string;
  readonly hubs: readonly HubAccess[];
  /** Clients offer permessage-deflate. */
  readonly compression: boolean;
  readonly readBackend: ReadBackend;
  /** For each connection attempt. */
  readonly deadlineMillis: number;
  /** What events say is to be compared with what they say to clients on other machines. */
  readonly areCompared?: boolean;
  /** Of the plan; the delays of clients that come back are drawn from it. */
  readonly seed: number;
}

export type ToWorker =
  | ({ readonly kind: 'start' } & WorkerStart)
  /** The coordinator is on another machine. */
  | ({ readonly kind: 'clock' } & ClockOffset)
  /** Who publishes what is due then; the first comes before `measure`. Without any it is the coordinator. */
  | ({ readonly kind: 'block' } & PublisherBlock)
  /** Connects this worker's share of a cohort, evenly over time. */
  | ({ readonly kind: 'join' } & CohortShare)
  /** A progress message is wanted now. */
  | { readonly kind: 'report' }
  | { readonly kind: 'measure'; readonly fromMicros: number; readonly untilMicros: number }
  /** Nobody joins or leaves by stages any more. */
  | { readonly kind: 'end-stages' }
  /** The clients of these cohorts read on from now, whatever their behavior says. */
  | { readonly kind: 'drain'; readonly cohorts: readonly string[] }
  /** Nobody is owed these events, both inclusive. */
  | { readonly kind: 'refused'; readonly from: number; readonly to: number; readonly why: UnowedKind }
  /** A fault begins or is over; each is confirmed. */
  | { readonly kind: 'fault'; readonly window: FaultWindow; readonly id: number }
  /** A share of the connections at these hubs is reset; confirmed as well. */
  | ({ readonly kind: 'drop'; readonly id: number } & ConnectionDrop)
  /** No client begins another attempt to come back. */
  | { readonly kind: 'stop-returning' }
  /** What was counted until now is wanted, of events before `cut`; the run goes on. */
  | {
      readonly kind: 'account';
      readonly ranges: Readonly<Record<string, PublishedRange>>;
      readonly cut: number;
    }
  | { readonly kind: 'finish'; readonly ranges: Readonly<Record<string, PublishedRange>> };

export interface ConnectionDrop {
  /** From 0. */
  readonly hubs: readonly number[];
  /** From 0 to 1. */
  readonly share: number;
  /** Which connections it is. */
  readonly seed: number;
}

export interface CohortShare {
  /** With the clients of this worker alone. */
  readonly cohort: Cohort;
  /** Clients of this cohort in workers before this one, and of cohorts before it. */
  readonly firstClient: number;
  readonly clientsBefore: number;
  readonly connectionsPerSecond: number;
  /** Of the cohort in all workers, at the start of the measured time. */
  readonly cohortClients: number;
  /** This worker, from 0, and how many there are. */
  readonly worker: number;
  readonly workers: number;
}

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'confirmed'; readonly id: number }
  | {
      readonly kind: 'progress';
      /** How much later than planned it is, because the process was held up. */
      readonly lateMicros: number;
      readonly cohorts: readonly AtHub<CohortProgress>[];
      /** What ended since the last of these messages. */
      readonly seconds: readonly CohortSeconds[];
      readonly stalled: readonly StalledClient[];
      /** Of events that came compressed, since the last of these messages. */
      readonly frameSizes: FrameSizeList;
      /** What happened to clients that were away, since the last of these messages. */
      readonly returns: ReturnBatch;
    }
  | { readonly kind: 'account'; readonly account: InterimAccount }
  | { readonly kind: 'result'; readonly result: WorkerResult };

/** What a worker has counted while the run goes on. */
export interface InterimAccount {
  readonly cut: number;
  readonly result: WorkerResult;
  /** The CPU time that it took of the worker. */
  readonly busyMicros: number;
}

/** An open client that a hub must evict and that does not read now. */
export interface StalledClient {
  /** Both ends of its TCP connection. */
  readonly socketEnds: SocketEnds;
  /** The event that it would read next; undefined before its first. */
  readonly nextSequence: number | undefined;
  /** Microseconds of the machine's clock. */
  readonly stalledAtMicros: number;
}

export interface CohortProgress {
  readonly name: string;
  /** First connection attempts that have ended, well or not. */
  readonly attempted: number;
  /** Clients whose first attempt succeeded; those that return are not counted again. */
  readonly connected: number;
  readonly open: number;
  /** Open clients that have seen an event of the run. */
  readonly joined: number;
  /** The next sequence of the open client that is furthest behind; null without an open client. */
  readonly lowestNextSequence: number | null;
  readonly deliveries: number;
  readonly evicted: number;
  /** Clients that are not connected, because a fault dropped them or because they are about to come back; absent without any. */
  readonly away?: number;
  /** Those that are about to come back; absent without any. */
  readonly returning?: number;
  /** Open clients that came back and got no event since; absent without any. */
  readonly waiting?: number;
  /** Clients that were connected, or away, when their worker was gone; absent without any. */
  readonly unaccounted?: number;
  /** Attempts that failed, those to return among them; absent without any. */
  readonly failures?: CausedFailures;
}

export interface CohortSeconds {
  readonly name: string;
  readonly seconds: readonly DeliverySecond[];
}

export interface WorkerResult {
  /** From 0; set by the coordinator. */
  readonly worker?: number;
  /** When the measured time began for it, by the coordinator's clock; absent where it did not. */
  readonly startedAtMicros?: number | undefined;
  readonly returns: ReturnBatch;
  readonly cohorts: readonly AtHub<CohortPart>[];
  /** What ended since the last progress, and the second that had begun. */
  readonly seconds: readonly CohortSeconds[];
  readonly frameSizes: FrameSizeList;
  /** One for each log of events. */
  readonly events: readonly EventLogSnapshot[];
  /** When events first arrived, one for each hub; none with one hub. */
  readonly arrivals: readonly ArrivalTimes[];
  readonly health: ProcessHealth;
  /** One for each hub; absent where nothing is compared. */
  readonly digests?: readonly EncodedDigests[] | undefined;
}

export interface CohortPart {
  readonly name: string;
  readonly clients: number;
  readonly connected: number;
  /** Connections of clients that had left and came back. */
  readonly returned: number;
  /** Clients that a fault dropped and that did not come back; absent without any. */
  readonly away?: number;
  /** To come back; absent without any. */
  readonly attempts?: { readonly total: number; readonly failed: number };
  /** Clients that a fault kept from connecting until the end; absent without any. */
  readonly postponed?: number;
  /** Clients that are connected again, or joined late, and got none of the events since; the coordinator finds them. */
  readonly deaf?: number;
  /** Clients whose worker is gone, all of them; absent without any. */
  readonly unaccountedClients?: number;
  /** Why connections failed, with how often. */
  readonly failures: readonly FailurePart[];
  /** Of clients that offered any. */
  readonly subprotocols: SubprotocolCounts;
  readonly evicted: number;
  readonly left: number;
  readonly open: number;
  /** Open clients that did not get everything: the hub forgot them. */
  readonly behind: number;
  readonly balance: LedgerBalance;
  readonly deliveries: DeliverySnapshot;
  readonly evictions: readonly EvictionPart[];
  /** Undefined without TLS. */
  readonly tls?: TlsPart | undefined;
  readonly addresses: ConnectedByAddress;
  /** By the address of this machine, where the kit chose it. */
  readonly sources: ConnectedByAddress;
  /** Undefined where nobody offered compression. */
  readonly compression?: CompressionPart | undefined;
}

/** Times are microseconds of the machine's clock. */
export interface EvictionPart {
  /** From 0. */
  readonly hub: number;
  readonly client: number;
  /** Both ends of its TCP connection, by which the kernel knows it. */
  readonly socketEnds: SocketEnds | undefined;
  readonly stalledAtMicros: number | undefined;
  readonly stalledAfterMessages: number;
  /** The event it would have read next; undefined when it never stalled. */
  readonly nextSequenceAtStall: number | undefined;
  readonly messages: number;
  readonly bytes: number;
  /** Of the bytes on the wire so many were the hub's; undefined without TLS. */
  readonly plainShare?: number | undefined;
  /** What its kernel held unread when it began to read out; undefined where nobody knows. */
  readonly clientKernelBytes: number | undefined;
  readonly endedAtMicros: number | undefined;
  readonly how: string;
  readonly window: 'default' | 'small';
}
