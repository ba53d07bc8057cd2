// What the clients and everything else of the kit ran on, and whether it kept up: its processes, and the machines they were on.
import type { FleetAgent } from '../../coordinator/workers/fleet.ts';
import type { UnaccountedWorker } from '../../coordinator/workers/gone-worker.ts';
import type { WorkerResult } from '../../worker/worker-messages.ts';
import { foldGenerator } from '../findings/generator.ts';
import type { PaceResult } from '../parts/pace.ts';
import type { GeneratorHealth, ProcessHealth } from '../result.ts';
import { type AgentResult, foldAgents, nameOfWorker } from './fold-agents.ts';

export interface MachinesOfRun {
  readonly results: readonly WorkerResult[];
  readonly coordinator: ProcessHealth;
  /** None where no network is disturbed. */
  readonly forwarders?: readonly ProcessHealth[] | undefined;
  /** Of workers that are gone without a result: what their clients were owed. */
  readonly unaccounted?: readonly UnaccountedWorker[] | undefined;
  /** The machines of these workers; undefined: this one. */
  readonly agents?: readonly FleetAgent[] | undefined;
}

export function foldMachines(
  { results, unaccounted = [], coordinator, forwarders = [], agents }: MachinesOfRun,
  pace: PaceResult | undefined,
): { readonly generator: GeneratorHealth; readonly agents?: readonly AgentResult[] } {
  const workers = results.map(({ health, worker }, index) => ({
    name: nameOfWorker(agents, worker ?? index),
    health,
  }));
  const generator = foldGenerator(
    workers,
    { coordinator, forwarders },
    pace?.limitedBy === 'generator' ? [pace.reason ?? ''] : [],
  );
  return { generator, ...(agents && { agents: foldAgents(agents, results, unaccounted) }) };
}
