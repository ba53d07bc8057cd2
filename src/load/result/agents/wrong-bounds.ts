// Whether what is known of a clock proved wrong in a way that its histograms of latencies do not leave open.
import type { AgentResult } from './fold-agents.ts';

type Clock = Pick<AgentResult, 'clockContradictions' | 'impossibleLatencies' | 'publishedEvents'>;

/** Its clock was set, and it published: the due times of its events are wrong for the clients of all agents, its own among them. */
export function isWrongPublisher({ clockContradictions = 0, publishedEvents = 0 }: Clock): boolean {
  return clockContradictions > 0 && publishedEvents > 0;
}

export function hasWrongBounds(agent: Clock): boolean {
  return (agent.impossibleLatencies ?? 0) > 0 || isWrongPublisher(agent);
}
