// What the clients and everything else of the kit ran on, and whether it kept up: its processes, and the machines they were on.
import type { EventLogSnapshot } from '../../../ledger/ledger.ts';
import type { FleetAgent } from '../../coordinator/workers/fleet.ts';
import type { UnaccountedWorker } from '../../coordinator/workers/gone-worker.ts';
import type { WorkerResult } from '../../worker/worker-messages.ts';
import { foldGenerator } from '../findings/generator.ts';
import type { PaceResult } from '../parts/pace.ts';
import type { GeneratorHealth, ProcessHealth } from '../result.ts';
import { type AgentResult, foldAgents, nameOfWorker } from './fold-agents.ts';
import { foldStarts, type StartsResult } from './fold-starts.ts';

export interface MachinesOfRun {
  readonly results: readonly WorkerResult[];
  readonly coordinator: ProcessHealth;
  readonly measuredFromMicros: number;
  /** None where no network is disturbed. */
  readonly forwarders?: readonly ProcessHealth[] | undefined;
  /** Of workers that are gone without a result: what their clients were owed. */
  readonly unaccounted?: readonly UnaccountedWorker[] | undefined;
  /** The machines of these workers; undefined: this one. */
  readonly agents?: readonly FleetAgent[] | undefined;
}

/** What the event logs of all workers had, those that are gone among them. */
export function heardBy({ results, unaccounted = [] }: MachinesOfRun): EventLogSnapshot[] {
  return [...results, ...unaccounted.flatMap(({ known }) => known ?? [])].flatMap(({ events }) => events);
}

export function foldMachines(
  { results, unaccounted = [], coordinator, measuredFromMicros, forwarders = [], agents }: MachinesOfRun,
  pace: PaceResult | undefined,
): StartsResult & { readonly generator: GeneratorHealth; readonly agents?: readonly AgentResult[] } {
  const { late, ...starts } = foldStarts(results, measuredFromMicros, agents);
  const known = unaccounted.flatMap(({ worker, known }) => (known ? [{ worker, health: known.health }] : []));
  const workers = [...results, ...known].map(({ health, worker }, index) => {
    const name = nameOfWorker(agents, worker ?? index);
    return { name, health: agents === undefined ? health : { name, ...health } };
  });
  const generator = foldGenerator(workers, { coordinator, forwarders }, [
    ...(pace?.limitedBy === 'generator' ? [pace.reason ?? ''] : []),
    ...late,
  ]);
  return { generator, ...starts, ...(agents && { agents: foldAgents(agents, results, unaccounted) }) };
}
