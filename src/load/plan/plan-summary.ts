// What a result says of the plan of its run.

export interface PlanSummary {
  readonly scenarios: readonly string[];
  readonly speed: number;
  readonly ratePerSecond: number | null;
  /** Stages of the rate, `30s:50, 1m:200`; absent where it has none. */
  readonly rateStages?: string;
  readonly cohorts: readonly {
    readonly name: string;
    readonly clients: number;
    readonly behaviour: string;
    /** How its clients come back; absent where they do not. */
    readonly reconnect?: string;
    /** How their number changes over the measured time; absent where it does not. */
    readonly stages?: string;
  }[];
  readonly durationMs: number;
  readonly warmupMillis: number;
  readonly rampPerSecond: number;
  readonly workers: number;
  /** Why so many; absent where the user named the number. */
  readonly workersReason?: string;
  readonly httpLoadConnections: number;
  /** Clients offered permessage-deflate; absent where they did not. */
  readonly compression?: boolean;
  /** How fast clients were to be read; absent where the kit chose. */
  readonly readBackend?: 'net' | 'ring';
  /** Where clients were to connect from, as written; absent where the kit chose. */
  readonly localAddresses?: readonly string[];
  /** Messages that the hub buffers for each client, where the plan names it. */
  readonly clientBufferMessages?: number;
  /** As they were written; absent without any. */
  readonly faults?: readonly string[];
}
