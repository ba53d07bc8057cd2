// The result of a load test: `loadtest.json`. Data only; reports are functions of it, exit codes follow from it.
import type { Verdict } from '../../files/verdict.ts';
import type { MeasuredHealth } from '../../kit/process-health.ts';
import type { EvictionAnatomy } from '../../ledger/eviction-anatomy.ts';
import type { EncodedHistogram, LatencySummary } from '../../ledger/latency/latency-histogram.ts';
import type { ReportedTarget } from '../../target/tls/reported-target.ts';
import type { ReadingResult } from '../../wire/ring/read-backend.ts';
import type { PhaseName } from '../plan/phase.ts';
import type { PlanSummary } from '../plan/plan-summary.ts';
import type { AgentResult } from './agents/fold-agents.ts';
import type { StartsResult } from './agents/fold-starts.ts';
import type { Released } from './evictions/released.ts';
import type { FaultResult, MissedSummary } from './faults/fault-result.ts';
import type { AddressCount, SourceCount } from './parts/addresses.ts';
import type { CompressionResult } from './parts/compression.ts';
import type { LatencyBoundsResult } from './parts/fold-cohort.ts';
import type { FailureCount, SubprotocolCount } from './parts/handshakes.ts';
import type { HttpOutcome } from './parts/http.ts';
import type { Isolation } from './parts/isolation.ts';
import type { LedgerResult } from './parts/ledger.ts';
import type { PaceResult } from './parts/pace.ts';
import type { PressureResult } from './parts/pressure.ts';
import type { PublishingResult } from './parts/publishing.ts';
import type { TlsResult } from './parts/tls.ts';
import type { UnaccountedResult } from './parts/unaccounted.ts';
import type { TargetResult } from './targets/fold-targets.ts';
import type { ThresholdWindows } from './thresholds/threshold-windows.ts';
import type { RunSample, TimelineSecond } from './timeline.ts';

export const LOADTEST_SCHEMA_VERSION = 2;

export interface LoadtestResult extends StartsResult {
  readonly schemaVersion: typeof LOADTEST_SCHEMA_VERSION;
  readonly kit: { readonly name: string; readonly version: string };
  readonly target: ReportedTarget;
  readonly plan: PlanSummary;
  readonly seed: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly environment: Environment;
  readonly verdict: Verdict;
  /** The hub went away, or its adapter failed: the verdict is failed, and the exit code 3. */
  readonly hasTargetFailed: boolean;
  /** True when the run was interrupted or the hub went away; what is here was measured until then. */
  readonly partial: boolean;
  /** Why the run ended early, one sentence. */
  readonly stoppedBecause?: string;
  readonly findings: readonly Finding[];
  readonly thresholds: readonly ThresholdOutcome[];
  readonly cohorts: readonly CohortResult[];
  /** Of several hubs, each. Absent with one. */
  readonly targets?: readonly TargetResult[];
  /** Of several hubs: from the first arrival of an event at any to its first arrival at the last. Absent with one. */
  readonly skewMicros?: LatencySummary;
  readonly ledger: LedgerResult;
  readonly throughput: { readonly publishedPerSecond: number; readonly deliveriesPerSecond: number };
  /** Sent minus due, in microseconds, of measured events. */
  readonly lateness: LatencySummary;
  /** How the hub took the events. Absent in files of before it was kept. */
  readonly publishing?: PublishingResult;
  /** Whether the load of the plan was reached. Absent in files of before it was kept, and where nothing was measured. */
  readonly pace?: PaceResult;
  /** What was sent to fill the queues of stalled clients; null without such clients. Absent in older files. */
  readonly pressure?: PressureResult | null;
  /** The TLS handshakes of the clients. Absent without TLS. */
  readonly tls?: TlsResult;
  /** What was agreed on by clients that offered subprotocols. Absent where none did. */
  readonly subprotocols?: readonly SubprotocolCount[];
  /** How the clients are spread over the addresses of a host that has several. Absent where it has one. */
  readonly addresses?: readonly AddressCount[];
  /** Addresses of this machine that the clients connected from. Absent where the system chose them. */
  readonly sources?: readonly SourceCount[];
  /** What the hub made of compression. Absent where the clients did not offer it. */
  readonly compression?: CompressionResult;
  readonly isolation: Isolation;
  readonly generator: GeneratorHealth;
  /** The machines that had clients, in a run with agents. Absent on one machine. */
  readonly agents?: readonly AgentResult[];
  readonly hub: {
    readonly rssBytes: number;
    readonly cpuSeconds: number;
    readonly descriptors: number;
  } | null;
  readonly origin: readonly OriginOutcome[];
  readonly http: readonly HttpOutcome[];
  readonly evictions: readonly Eviction[];
  readonly timeline: readonly TimelineSecond[];
  /** Each fault that was injected, in the order of their beginnings. Absent without faults. */
  readonly faults?: readonly FaultResult[];
  /** When each part of the run began, from its very start. Absent in files of before it was kept, as are the next three. */
  readonly phases?: readonly { readonly name: PhaseName; readonly fromMillis: number }[];
  /** Start of the measured time, from the very start of the run: the zero of the times of evictions. */
  readonly measuredFromMillis?: number;
  /** What was to be seen once a second, from connecting to the end. */
  readonly samples?: readonly RunSample[];
  /** The command line that repeats the run. */
  readonly command?: string;
}

export interface Environment {
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly hasSmallWindow: boolean;
}

/** Something wrong that the run saw, named; `error` fails the run, `warning` does not. */
export interface Finding {
  readonly name: FindingName;
  readonly severity: 'error' | 'warning';
  readonly cohort?: string;
  readonly message: string;
  /** The finding that causes this one; reports show it below that one. */
  readonly followsFrom?: FindingName;
}

export type FindingName =
  | 'lost'
  | 'deaf'
  | 'replayed'
  | 'not-returned'
  | 'duplicated'
  | 'reordered'
  | 'corrupted'
  | 'schema'
  | 'saga-order'
  | 'protocol'
  | 'prefix'
  | 'blocked'
  | 'standstill'
  | 'not-evicted'
  | 'forgotten'
  | 'not-released'
  | 'fast-evicted'
  | 'not-connected'
  | 'subprotocol'
  | 'origin'
  | 'unbalanced'
  | 'http'
  | 'publish'
  | 'not-injected'
  | 'not-seen'
  | 'agent-lost'
  | 'agent-declined'
  | 'clock'
  | 'clock-bound'
  | 'unequal';

export interface ThresholdOutcome {
  readonly expr: string;
  /** What was measured, in the unit of the metric; null when there was nothing to measure. */
  readonly observed: number | null;
  /** The same for people. */
  readonly rendered: string;
  readonly ok: boolean;
  /** False when the generator was the limit and the metric is a time. */
  readonly isDecided: boolean;
  /** Not decided, as clocks of different machines are known to within a margin only. Absent otherwise. */
  readonly isWithinClockError?: true;
  /** Of a threshold in time. Absent for others. */
  readonly windows?: ThresholdWindows;
}

export interface CohortResult extends UnaccountedResult {
  readonly name: string;
  readonly behaviour: string;
  readonly clients: number;
  /** Clients whose first attempt to connect succeeded. */
  readonly connected: number;
  /** Connections of clients that had left and came back. Absent in older files, which count them as connected. */
  readonly returned?: number;
  /** Clients that a fault dropped and that did not come back. Absent without any. */
  readonly away?: number;
  /** Clients that are connected again, or joined late, and got nothing since. Absent without any. */
  readonly deaf?: number;
  /** Clients that a fault kept from connecting until the end. Absent without any. */
  readonly postponed?: number;
  /** To come back. Absent where the clients do not. */
  readonly attempts?: { readonly total: number; readonly failed: number };
  /** Events that each client dropped by a fault missed while it was away. Absent where none was dropped. */
  readonly missed?: MissedSummary;
  /** Attempts to connect that failed, by cause, the most frequent first. Absent without any, and in older files. */
  readonly failures?: readonly FailureCount[];
  readonly received: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly corrupted: number;
  /** Ended by the hub. */
  readonly evicted: number;
  /** Left as their behavior says, and not come back. */
  readonly left: number;
  readonly open: number;
  readonly latencyMicros: LatencySummary;
  /** In a run with agents what these are at least and at most, as clocks are known to within a bound. Absent on one machine. */
  readonly latencyBoundsMicros?: LatencyBoundsResult;
  readonly histogram: EncodedHistogram;
}

export interface GeneratorHealth {
  readonly workers: readonly ProcessHealth[];
  readonly coordinator: ProcessHealth;
  /** One for each hub whose network a fault disturbs. Absent without. */
  readonly forwarders?: readonly ProcessHealth[];
  /** Of all of these processes. */
  readonly cpuSeconds: number;
  readonly eventLoopDelayMicros: { readonly p99: number; readonly max: number };
  /** True when a budget was passed: times then say more about this machine than about the hub. */
  readonly limited: boolean;
  readonly reasons: readonly string[];
}

export interface ProcessHealth extends MeasuredHealth {
  /** Which worker of which agent it is. Absent on one machine. */
  readonly name?: string;
  /** How a worker read fast clients. Absent for the coordinator, and in older files. */
  readonly reading?: ReadingResult;
}

export interface OriginOutcome {
  readonly origin: string | null;
  readonly expected: 'allowed' | 'refused';
  readonly status: number | null;
  readonly ok: boolean;
}

/** One client that the hub ended. Times count from the start of publishing. */
export interface Eviction {
  /** Of several hubs which, from 1. Absent with one. */
  readonly target?: number;
  readonly cohort: string;
  readonly client: number;
  readonly stalledAtMillis: number | null;
  readonly stalledAfterMessages: number;
  readonly messages: number;
  readonly bytes: number;
  readonly endedAtMillis: number | null;
  /** Where the bytes were, and how long each part took; null for a client that never stopped reading. */
  readonly anatomy: EvictionAnatomy | null;
  /** From its eviction until the hub closed its socket; null where that was not seen. Absent in older files. */
  readonly released?: Released | null;
  /** How it showed: a Close code, FIN, or a reset. */
  readonly how: string;
  readonly window: 'default' | 'small';
}
