// When the worker processes of a run with agents began to measure: each does so by itself, at a moment that was set before.
import { renderDurationMillis } from '../../../units/duration.ts';
import type { FleetAgent } from '../../coordinator/workers/fleet.ts';
import type { WorkerResult } from '../../worker/worker-messages.ts';
import { nameOfWorker } from './fold-agents.ts';

/** Whoever begins later has missed a part of the measured time. */
const MAX_LATE_MILLIS = 1_000;

export interface StartsResult {
  /**
   * Between the first and the last worker process to begin to measure, in microseconds, as far as the clocks are known. Absent on one
   * machine, and where fewer than two began.
   */
  readonly startSpreadMicros?: number;
}

export interface FoldedStarts extends StartsResult {
  /** One sentence for each worker that began too late. */
  readonly late: readonly string[];
}

export function foldStarts(
  results: readonly WorkerResult[],
  measuredFromMicros: number,
  agents: readonly FleetAgent[] | undefined,
): FoldedStarts {
  const starts = results.flatMap(({ worker = 0, startedAtMicros }) =>
    startedAtMicros === undefined ? [] : [{ worker, startedAtMicros }],
  );
  if (agents === undefined) return { late: [] };
  const times = starts.map(({ startedAtMicros }) => startedAtMicros);
  const spreadMicros = Math.max(...times) - Math.min(...times);
  return {
    ...(starts.length > 1 && { startSpreadMicros: Math.round(spreadMicros) }),
    late: starts.flatMap(({ worker, startedAtMicros }) => {
      const lateMillis = (startedAtMicros - measuredFromMicros) / 1e3;
      return lateMillis <= MAX_LATE_MILLIS
        ? []
        : [
            `${nameOfWorker(agents, worker)} began to measure ${renderDurationMillis(lateMillis)} late (limit ${renderDurationMillis(MAX_LATE_MILLIS)})`,
          ];
    }),
  };
}
