// What agents and coordinator say to each other besides numbered messages, and what these contain.
import type { FromProducer, ToProducer } from '../../load/coordinator/rota/producer-messages.ts';
import type { FromWorker, ToWorker } from '../../load/worker/worker-messages.ts';
import type { ChannelState } from './channel.ts';

/** Between two beats, of the coordinator as of each agent. */
export const BEAT_MILLIS = 500;

export const DEFAULT_POOL = 'default';

/** An agent, as it shows itself once a second. */
export interface Announcement {
  readonly id: string;
  readonly name: string;
  readonly pool: string;
  readonly host: string;
  readonly kit: string;
  readonly isFree: boolean;
  /** Equal where two processes read the same clock; absent where the system does not say. */
  readonly clockId?: string | undefined;
  readonly cores: number;
  /** Of one process, and local ports to one destination; absent where the system does not say. */
  readonly descriptors?: number | undefined;
  readonly ports?: number | undefined;
}

export interface Claim {
  readonly run: string;
  readonly kit: string;
  /** Of the plan that its workers will be started with. */
  readonly planDigest: string;
  /** Worker processes that the agent starts. */
  readonly workers: number;
  /** The coordinator reads the same clock. */
  readonly hasSameClock?: boolean | undefined;
}

export type ClaimAnswer =
  | { readonly isAccepted: true }
  | { readonly isAccepted: false; readonly problem: string };

/** Microseconds of the coordinator's clock. */
export interface ClockAnswer {
  readonly receivedMicros: number;
  readonly answeredMicros: number;
}

export interface ClockReport {
  /** What the agent's workers add to their clock is wrong by no more than this. */
  readonly errorMicros: number;
  /** How often samples had no time in common: the clock was stepped, or the answers are wrong. */
  readonly contradictions: number;
}

export interface AgentBeat {
  readonly channel: ChannelState;
  /** Why it leaves the run, in its last beat. */
  readonly ended?: string | undefined;
  /** Undefined until the clocks were compared. */
  readonly clock?: ClockReport | undefined;
}

export interface CoordinatorBeat {
  readonly channel: ChannelState;
  /** When the coordinator heard a beat of the agent last, by its own clock. */
  readonly heardMicros: number;
}

/** Workers are counted from 0 in each agent. */
export type ForWorkers = { readonly workers: readonly number[] } & (
  | { readonly message: ToWorker }
  /** The `start` that this agent was sent before. */
  | { readonly isSameStart: true }
);

/** To the agent itself, where it publishes in turn. */
export type ForAgent = ForWorkers | { readonly producer: ToProducer };

export type OfAgent = OfWorker | { readonly producer: FromProducer };

export type OfWorker =
  | { readonly worker: number; readonly message: FromWorker }
  | { readonly worker: number; readonly ended: string };

export interface RunEnd {
  readonly because: string;
}
