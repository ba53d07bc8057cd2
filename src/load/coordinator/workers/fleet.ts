// Worker processes of a run on other machines, as the run sees them: how they are reached, and what is known of each machine.
import type { StartWorker } from './worker-link.ts';

export interface Fleet {
  readonly startWorker: StartWorker;
  /** In the order of their workers. */
  agents(): readonly FleetAgent[];
}

/** One machine, or a part of one. */
export interface FleetAgent {
  readonly name: string;
  readonly host: string;
  /** Of all workers of the run, its first, from 0, and how many it has. */
  readonly firstWorker: number;
  readonly workers: number;
  /** The times of its workers may be wrong by so much. */
  readonly clockErrorMicros: number;
  /** How often its clock contradicted what was known of it: then its times say nothing. */
  readonly clockContradictions: number;
  /** Events that it published; absent without any. */
  readonly publishedEvents?: number;
  /** Since its parent process was heard last. */
  readonly lastBeatMillisAgo: number;
  /** Messages that were lost on the way, and sent again. */
  readonly resentMessages: number;
  /** Why nothing more came from it; undefined while it is there. */
  readonly lost?: string | undefined;
}
