// The machines of a run with agents: what the clients of each did, how it kept up, and how well its clock is known.
import type { FleetAgent, FleetPart } from '../../coordinator/workers/fleet.ts';
import type { UnaccountedWorker } from '../../coordinator/workers/gone-worker.ts';
import type { WorkerResult } from '../../worker/worker-messages.ts';

export interface AgentResult {
  readonly name: string;
  readonly host: string;
  readonly workers: number;
  readonly clients: number;
  readonly received: number;
  readonly lost: number;
  /** Owed, at most, to its clients, of which no account came. Absent without any. */
  readonly unaccounted?: number;
  readonly cpuSeconds: number;
  readonly eventLoopDelayMicros: { readonly p99: number; readonly max: number };
  /** Latencies of its clients may be wrong by so much, in either direction. */
  readonly clockErrorMicros: number;
  /** Events that it published, by its own clock. Absent without any. */
  readonly publishedEvents?: number;
  /** Why it published nothing of what it was offered, or nothing more. Absent otherwise. */
  readonly declinedBecause?: string;
  /** How often its clock contradicted what was known of it. Absent where it never did. */
  readonly clockContradictions?: number;
  /** Deliveries of which no latency is known: around these, or of events whose publisher it learned too late. Absent without any. */
  readonly unknownLatencies?: number;
  /** Deliveries that arrived before they were due, also with the bound added: they prove it wrong. Absent without any. */
  readonly impossibleLatencies?: number;
  /** Messages between it and the coordinator that were lost and sent again. Absent without any. */
  readonly resentMessages?: number;
  /** Why nothing more came from it: what its clients received since its last account is not known. Absent where it stayed. */
  readonly lostBecause?: string;
}

export function foldAgents(
  agents: readonly FleetAgent[],
  results: readonly WorkerResult[],
  unaccountedWorkers: readonly UnaccountedWorker[],
): AgentResult[] {
  return agents.map((agent) => {
    const own = results.filter((result) => isWorkerOf(agent, result.worker));
    const gone = unaccountedWorkers.filter(({ worker }) => isWorkerOf(agent, worker));
    const cohorts = [...own, ...gone].flatMap((result) => result.cohorts);
    const unaccounted = cohorts.reduce((sum, { balance }) => sum + balance.unaccounted, 0);
    const bounds = cohorts.map(({ deliveries }) => deliveries.bounds);
    const unknown = bounds.reduce((sum, one) => sum + (one?.unknown ?? 0), 0);
    const impossible = bounds.reduce((sum, one) => sum + (one?.upper.belowRange ?? 0), 0);
    const healths = [...own, ...gone.flatMap(({ known }) => known ?? [])].map(({ health }) => health);
    const delays = healths.map(({ eventLoopDelayMicros }) => eventLoopDelayMicros);
    return {
      name: agent.name,
      host: agent.host,
      workers: agent.workers,
      clients: cohorts.reduce((sum, { clients }) => sum + clients, 0),
      received: cohorts.reduce((sum, { balance }) => sum + balance.received, 0),
      lost: cohorts.reduce((sum, { balance }) => sum + balance.lost, 0),
      ...(unaccounted > 0 && { unaccounted }),
      cpuSeconds: healths.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
      eventLoopDelayMicros: {
        p99: Math.max(0, ...delays.map(({ p99 }) => p99)),
        max: Math.max(0, ...delays.map(({ max }) => max)),
      },
      clockErrorMicros: Math.round(agent.clockErrorMicros),
      ...(agent.publishedEvents && { publishedEvents: agent.publishedEvents }),
      ...(agent.declinedBecause && { declinedBecause: agent.declinedBecause }),
      ...(agent.clockContradictions > 0 && { clockContradictions: agent.clockContradictions }),
      ...(unknown > 0 && { unknownLatencies: unknown }),
      ...(impossible > 0 && { impossibleLatencies: impossible }),
      ...(agent.resentMessages > 0 && { resentMessages: agent.resentMessages }),
      // Whatever became of an agent that has handed everything in does not matter.
      ...(agent.lost !== undefined && own.length < agent.workers && { lostBecause: agent.lost }),
    };
  });
}

/** `worker` counts from 0 over all machines. */
export function nameOfWorker(agents: readonly FleetAgent[] | undefined, worker: number): string {
  const agent = agents?.find((one) => isWorkerOf(one, worker));
  return agent === undefined
    ? `worker ${worker + 1}`
    : `worker ${worker - agent.firstWorker + 1} of agent ${agent.name}`;
}

export function isWorkerOf({ firstWorker, workers }: FleetPart, worker: number | undefined): boolean {
  return worker !== undefined && worker >= firstWorker && worker < firstWorker + workers;
}
