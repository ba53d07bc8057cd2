// Whether the clients of all machines received the same for the same events. Only what a hub writes once for all connections of a
// machine is compared; of events that one machine has and another has not, the ledgers tell.
import { DIGEST_EVENTS, decodeDigests } from '../../../ledger/events/event-digests.ts';
import type { FleetAgent } from '../../coordinator/workers/fleet.ts';
import type { WorkerResult } from '../../worker/worker-messages.ts';
import type { Finding } from '../result.ts';
import { isWorkerOf } from './fold-agents.ts';

/** With fewer clients in a process it does not show whether a hub writes each connection its own. */
const LEAST_CLIENTS = 5;

/** By what they received, the names of the agents. */
type Groups = Map<number, string[]>;

export interface ComparedRun {
  readonly agents?: readonly FleetAgent[] | undefined;
  readonly results: readonly WorkerResult[];
}

export function judgeDigests({ agents = [], results }: ComparedRun): Finding[] {
  const hubs = Math.max(0, ...results.map(({ digests = [] }) => digests.length));
  return Array.from({ length: hubs }, (_, hub) => hub).flatMap((hub) => {
    const unequal = findUnequal(agents, results, hub);
    if (unequal === undefined) return [];
    const at = hubs > 1 ? ` at target ${hub + 1}` : '';
    const sides = unequal.groups.map((names) => `clients of ${names.join(', ')}`).join(' and ');
    const message = `${sides} received different values for the same events${at}, first among events ${unequal.first + 1} to ${unequal.first + DIGEST_EVENTS}: what the hub writes depends on where a client connects from`;
    return [{ name: 'unequal', severity: 'warning', message }];
  });
}

function findUnequal(agents: readonly FleetAgent[], results: readonly WorkerResult[], hub: number) {
  /** By the events of a digest, in order. */
  const seen = new Map<string, { readonly first: number; readonly groups: Groups }>();
  for (const agent of agents) {
    for (const result of results) {
      const digests = result.digests?.[hub];
      if (
        digests === undefined ||
        !isWorkerOf(agent, result.worker) ||
        clientsAt(result, hub) < LEAST_CLIENTS
      )
        continue;
      if (digests.isVaried) return undefined;
      for (const { first, places, sum } of decodeDigests(digests)) {
        const key = `${first} ${places}`;
        const { groups } = seen.get(key) ?? { groups: new Map() as Groups };
        seen.set(key, { first, groups });
        const names = groups.get(sum) ?? [];
        groups.set(sum, names.includes(agent.name) ? names : [...names, agent.name]);
      }
    }
  }
  const unequal = [...seen.values()]
    .filter(({ groups }) => groups.size > 1)
    .sort((a, b) => a.first - b.first);
  const isPerConnection = unequal.some(({ groups }) => hasSameAgentTwice([...groups.values()]));
  const [first] = unequal;
  return first === undefined || isPerConnection
    ? undefined
    : { first: first.first, groups: [...first.groups.values()] };
}

function hasSameAgentTwice(groups: readonly (readonly string[])[]): boolean {
  const names = groups.flat();
  return new Set(names).size < names.length;
}

function clientsAt({ cohorts }: WorkerResult, hub: number): number {
  return cohorts.reduce((sum, part) => sum + (part.hub === hub ? part.connected : 0), 0);
}
