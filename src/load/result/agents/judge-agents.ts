// What went wrong between the coordinator and its agents: none of it is the hub's.
import { renderCount } from '../../../units/rate.ts';
import type { Finding } from '../result.ts';
import type { AgentResult } from './fold-agents.ts';

export function judgeAgents(agents: readonly AgentResult[] = []): Finding[] {
  const lost = agents.flatMap(({ lostBecause, clients }) =>
    lostBecause === undefined
      ? []
      : [
          {
            name: 'agent-lost' as const,
            severity: 'warning' as const,
            message: `${lostBecause}: what its ${renderCount(clients)} clients received is not known`,
          },
        ],
  );
  const stepped = agents.flatMap(({ name, clockContradictions }) =>
    clockContradictions === undefined
      ? []
      : [
          {
            name: 'clock' as const,
            severity: 'warning' as const,
            message: `the clock of agent ${name} contradicted what was known of it: it was set, or runs unevenly; latencies of its clients say nothing, so that no threshold of them is decided`,
          },
        ],
  );
  return [...lost, ...stepped];
}
