// What was sent against what arrived: the types that the load driver codes against. Each worker process has one
// EventLog, one DeliveryRecorder for each cohort and one ClientLedger for each client; what leaves the process are
// snapshots, plain JSON, and the verdicts are folds over them (ledger-balance.ts).
import type { ControlOpcode } from './client/stream-faults.ts';
import type { EventDigests } from './events/event-digests.ts';
import type { FirstArrivals } from './events/first-arrivals.ts';
import type { RefusedEvents } from './refused-events.ts';

export interface EventLogOptions {
  /** Notes when each event first arrived. Default: nobody does. */
  readonly arrivals?: FirstArrivals | undefined;
  /** Notes what each event said. Default: nobody does. */
  readonly digests?: EventDigests | undefined;
  /** Events whose probe names another run are foreign: counted and not judged. */
  readonly runId: string;
  /** Bytes of recent frames kept for comparison; older events are compared by hash. Default 8 MiB. */
  readonly ringBytes?: number;
  /** Events remembered at all, at most; a client further behind has its deliveries parsed one by one. Default 2^20. */
  readonly maxEvents?: number;
}

/** What is judged once per event and process, not per delivery. */
export interface EventLogSnapshot {
  /** Events of this run seen by at least one client. */
  readonly events: number;
  readonly foreignEvents: number;
  readonly lowestSequence: number | undefined;
  readonly highestSequence: number | undefined;
  /** Events whose envelope breaks a schema and is not the one that was published, and the first sentences about it. */
  readonly schemaProblems: ProblemCount;
  /** Events that break a schema as they were published, such as those of a recorded trace: no fault of the hub. */
  readonly publishedSchemaProblems: ProblemCount;
  /** Events of a type that the protocol does not list: allowed. */
  readonly undocumentedTypes: ProblemCount;
  /** Events that arrived out of their saga's order and were published in it, as first seen by any client of this process. */
  readonly sagaProblems: ProblemCount;
}

export interface ProblemCount {
  readonly count: number;
  /** The first few sentences, each with its sequence number where it has one. */
  readonly samples: readonly string[];
}

/** Shared by all clients of a process; created by `createEventLog`. */
export interface EventLog {
  readonly runId: string;
  snapshot(): EventLogSnapshot;
}

/** Receives the control frames of a connection. Called during `onBytes`; the payload is a copy. */
export interface ControlListener {
  onControl(opcode: ControlOpcode, payload: Buffer): void;
}

/** One client's account of what arrived. Constant memory while deliveries are in order. */
export interface ClientLedger {
  /**
   * Hot: bytes `start` to `end` of a shared buffer, directly after those of the call before, from the first byte after
   * the handshake. `nowMicros` is one reading of the clock per wake-up.
   */
  onBytes(buffer: Buffer, start: number, end: number, nowMicros: number): void;
  /** No more bytes will come: a frame that is not finished is torn. */
  onEnd(): void;
  /** Before the first byte: the hub agreed to compression, with this Sec-WebSocket-Extensions. */
  onCompression(answer: string): void;
  /** What compression saved; undefined without it. */
  readonly compressedBytes: CompressedBytes | undefined;
  /** Data messages received so far, of every kind. */
  readonly receivedMessages: number;
  /** The sequence number after the highest received, or -1 before the first event of this connection. */
  readonly nextSequence: number;
  /** The status code of the Close frame received (1005 when it carried none), 0 when there was none. */
  readonly closeCode: number;
  /** With `refused`, in numbers of accepted events. */
  snapshot(refused?: RefusedEvents): ClientSnapshot;
  /** Forgets the client; the log need not keep anything for it. Safe to call twice. */
  close(): void;
}

/** Bytes of the data frames that were received. */
export interface CompressedBytes {
  readonly wireBytes: number;
  /** Of the same messages, had nothing been compressed. */
  readonly plainBytes: number;
}

/** One client's account as data. All counts are messages unless the name says otherwise. */
export interface ClientSnapshot {
  /** The lowest sequence received: what came before it is not expected. Undefined when no event of the run came. */
  readonly firstSequence: number | undefined;
  readonly nextSequence: number | undefined;
  /** Distinct events of the run received between the first and the next. */
  readonly received: number;
  /** Sequences between first and next that did not arrive. */
  readonly missing: number;
  /** Of a client that came back: sequences between its first and next that did not arrive because it was away. */
  readonly away?: number;
  /** Of a client that came back: events from before its return that came again. */
  readonly replayed?: number;
  readonly duplicated: number;
  /** Events received that the hub had refused. */
  readonly refused?: number;
  /** Events that arrived after a later one. */
  readonly reordered: number;
  /** Messages whose content is not what was published, or is no event at all. */
  readonly corrupted: number;
  /** Late events that could be a duplicate or a filled gap: the list of gaps had overflowed. */
  readonly unplaced: number;
  readonly foreign: number;
  /** Messages that were judged one by one because their bytes were not those that came next in the log. */
  readonly judgedSingly: number;
  readonly faults: readonly FaultCount[];
  /** The connection ended inside a frame or a fragmented message: allowed, as the last thing it did. */
  readonly isTorn: boolean;
  readonly closeCode: number;
}

export interface FaultCount {
  readonly kind: string;
  readonly count: number;
  readonly sample: string;
}

/** What became of a client by the time of the fold. */
export type ClientOutcome =
  /** Still connected: everything up to the fence must be there. */
  | 'open'
  /** The hub ended it: it must have a prefix, the rest is its tail. */
  | 'evicted'
  /** The driver disconnected it: the rest is not expected. */
  | 'left'
  /** A fault ended its connection, and it is not back: it missed the rest. */
  | 'dropped'
  /** Connected again, and no event came since: what is the hub's fault of the rest is known once its times are. */
  | 'waiting';

export interface LedgerEntry {
  readonly snapshot: ClientSnapshot;
  readonly outcome: ClientOutcome;
}

/** What the driver published: sequences `first` to `last`; `last` is the fence. Nothing when last < first. */
export interface PublishedRange {
  readonly first: number;
  readonly last: number;
  /** From this sequence on every client must receive every event, even a client that received none. Default: no such demand. */
  readonly owedFrom?: number | undefined;
  /** Events after `last` up to this one may have been delivered or not: their broadcast was never answered. */
  readonly unansweredLast?: number;
}

/**
 * expected = received + evictedTail + leftTail + lost + missedAway + lateJoin + unaccounted, over all clients, and
 * published x clients = expected + beforeJoin + silent; `balanced` says that both hold and that every client's own
 * counts agree with the sequences it holds.
 */
export interface LedgerBalance {
  readonly clients: number;
  readonly published: number;
  readonly expected: number;
  readonly received: number;
  readonly evictedTail: number;
  readonly leftTail: number;
  readonly lost: number;
  /**
   * Published while a client was away, until the first event after its return. Of a worker's account also what belongs to the
   * other places where a connection ended; see `placeReturns`.
   */
  readonly missedAway: number;
  /** Accepted after a client was connected again and before its first event. */
  readonly lateJoin: number;
  /** Events from before a return that came again after it. */
  readonly replayed: number;
  /** Owed, at most, to clients of which no account came. */
  readonly unaccounted: number;
  /** Events published before a client took part. */
  readonly beforeJoin: number;
  /** Events that nobody was expected to receive: published to clients that never received one. */
  readonly silent: number;
  readonly silentClients: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly corrupted: number;
  readonly unplaced: number;
  readonly foreign: number;
  /** Deliveries of events that the hub had refused. */
  readonly refused: number;
  /** Evicted clients whose events are not one contiguous prefix. */
  readonly tornPrefixes: number;
  /** Clients whose connection ended inside a frame; no fault by itself. */
  readonly torn: number;
  readonly faults: readonly FaultCount[];
  readonly balanced: boolean;
  /** Why not, one sentence for each of the first few clients. */
  readonly imbalances: readonly string[];
}
