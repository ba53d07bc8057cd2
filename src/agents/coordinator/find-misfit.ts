// What agents cannot do for a plan, found before anything is claimed.
import { SPARE_DESCRIPTORS } from '../../load/machine/worker-count.ts';
import type { Announcement } from '../messages/messages.ts';

export interface NeededOfAgents {
  /** Of all agents together. */
  readonly clients: number;
  /** A hub whose address means this machine only; undefined where all can be reached from others. */
  readonly loopbackUrl: string | undefined;
  /** Of the coordinator. */
  readonly host: string;
  readonly workersOf: (agent: Announcement) => number;
}

/** One sentence; undefined where nothing is in the way. */
export function findAgentMisfit(agents: readonly Announcement[], needed: NeededOfAgents): string | undefined {
  const { clients, loopbackUrl, host, workersOf } = needed;
  const elsewhere = agents.find((agent) => agent.host !== host);
  if (loopbackUrl !== undefined && elsewhere !== undefined)
    return `agent ${elsewhere.name} is on ${elsewhere.host}, where ${loopbackUrl} is another hub or none; give the URL by which other machines reach it`;
  const allWorkers = agents.reduce((sum, agent) => sum + workersOf(agent), 0);
  for (const agent of agents) {
    const own = Math.ceil((clients * workersOf(agent)) / allWorkers);
    const each = Math.ceil(clients / allWorkers) + SPARE_DESCRIPTORS;
    if (agent.descriptors !== undefined && agent.descriptors < each)
      return `agent ${agent.name} needs ${each} descriptors for each worker process, its limit is ${agent.descriptors}; raise it there (ulimit -n ${each}), or use more agents`;
    if (agent.ports !== undefined && agent.ports < own)
      return `agent ${agent.name} needs a local port for each of ${own} clients, it has ${agent.ports}; widen net.ipv4.ip_local_port_range there, or use more agents`;
  }
  return undefined;
}
