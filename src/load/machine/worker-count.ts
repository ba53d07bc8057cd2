// How many worker processes carry the clients of a run, and what decided it. Pure.

/** Descriptors that a process needs besides its connections. */
export const SPARE_DESCRIPTORS = 100;

export interface WorkerCountInput {
  readonly wanted: number | 'auto';
  /** The most that are connected at a time. */
  readonly clients: number;
  readonly cores: number;
  /** That one process may open; undefined where the system does not say. */
  readonly descriptors: number | undefined;
}

export interface WorkerCount {
  readonly workers: number;
  /** For a person: why so many; undefined where the plan names the number. */
  readonly reason: string | undefined;
}

/**
 * The hub needs a core of its own, so there is one worker for each other core. There are more where the limit of descriptors asks
 * for it: each client is one, whether Node's sockets or a ring read it.
 */
export function countWorkers({ wanted, clients, cores, descriptors }: WorkerCountInput): WorkerCount {
  if (wanted !== 'auto') return { workers: Math.min(clients, wanted), reason: undefined };
  const byCores = Math.max(1, cores - 1);
  const perWorker = Math.max(1, (descriptors ?? Number.POSITIVE_INFINITY) - SPARE_DESCRIPTORS);
  const byDescriptors = Math.ceil(clients / perWorker);
  if (byDescriptors > byCores && byDescriptors <= MOST_WORKERS)
    return {
      workers: byDescriptors,
      reason: `each may open ${descriptors} descriptors`,
    };
  if (clients < byCores) return { workers: clients, reason: 'one for each client' };
  return {
    workers: byCores,
    reason: cores === 1 ? 'this machine has 1 core' : `${cores} cores, one of them for the hub`,
  };
}

/** As many as `--workers` takes. */
const MOST_WORKERS = 256;
