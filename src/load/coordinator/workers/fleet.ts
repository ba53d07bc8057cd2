// Worker processes of a run on other machines, as the run sees them: how they are reached, and what is known of each machine.
import type { ProducerSeat } from '../rota/producer-messages.ts';
import type { StartWorker } from './worker-link.ts';

export interface Fleet {
  readonly startWorker: StartWorker;
  /** In the order of their workers. */
  agents(): readonly FleetAgent[];
  /** Agents that publish in turn; undefined where only the coordinator publishes. */
  readonly seats?: readonly ProducerSeat[] | undefined;
}

/** Of all workers of the run, its first, from 0, and how many it has. */
export interface FleetPart {
  readonly firstWorker: number;
  readonly workers: number;
}

/** One machine, or a part of one. */
export interface FleetAgent extends FleetPart {
  readonly name: string;
  readonly host: string;
  /** The times of its workers may be wrong by so much. */
  readonly clockErrorMicros: number;
  /** How often its clock contradicted what was known of it: then its times say nothing. */
  readonly clockContradictions: number;
  /** Events that it published; absent without any. */
  readonly publishedEvents?: number;
  /** Why it publishes nothing more; absent where it does what it is asked for. */
  readonly declinedBecause?: string;
  /** Since its parent process was heard last. */
  readonly lastBeatMillisAgo: number;
  /** Messages that were lost on the way, and sent again. */
  readonly resentMessages: number;
  /** Why nothing more came from it; undefined while it is there. */
  readonly lost?: string | undefined;
}
