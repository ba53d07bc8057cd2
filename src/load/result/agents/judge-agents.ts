// What went wrong between the coordinator and its agents: none of it is the hub's; and what the machines
// received, compared.
import { renderMicros } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';
import type { Finding, FindingName } from '../result.ts';
import type { AgentResult } from './fold-agents.ts';
import { type ComparedRun, judgeDigests } from './judge-digests.ts';
import { isWrongPublisher } from './wrong-bounds.ts';

export function judgeAgents(agents: readonly AgentResult[] = [], compared?: ComparedRun): Finding[] {
  const warnings = (name: FindingName, describe: (agent: AgentResult) => string | undefined): Finding[] =>
    agents.flatMap((agent) => {
      const message = describe(agent);
      return message === undefined ? [] : [{ name, severity: 'warning', message }];
    });
  return [
    ...warnings('agent-lost', describeLoss),
    ...warnings('agent-declined', describeDeclined),
    ...warnings('clock', describeStep),
    ...warnings('clock-bound', describeImpossible),
    ...warnings('clock-bound', describeWrongPublisher),
    ...(compared ? judgeDigests(compared) : []),
  ];
}

function describeLoss({ lostBecause, clients }: AgentResult): string | undefined {
  return (
    lostBecause &&
    `${lostBecause}: what its ${renderCount(clients)} clients received is not known, but for what had been counted before`
  );
}

function describeDeclined({ name, declinedBecause, publishedEvents = 0 }: AgentResult): string | undefined {
  return (
    declinedBecause &&
    `agent ${name} published ${publishedEvents === 0 ? 'nothing' : `only ${renderCount(publishedEvents)} events`}: ${declinedBecause}; the others or the coordinator published in its place`
  );
}

function describeStep({ name, clockContradictions, unknownLatencies = 0 }: AgentResult): string | undefined {
  if (clockContradictions === undefined) return undefined;
  return `the clock of agent ${name} contradicted what was known of it (${renderCount(clockContradictions)} x): it was set, or runs unevenly; ${renderCount(unknownLatencies)} deliveries around that count as of unknown latency, and other times of its clients are not decided`;
}

function describeImpossible({
  name,
  clockErrorMicros,
  impossibleLatencies,
}: AgentResult): string | undefined {
  if (impossibleLatencies === undefined) return undefined;
  return `${renderCount(impossibleLatencies)} deliveries to clients of agent ${name} arrived before they were due, by more than the ± ${renderMicros(clockErrorMicros)} within which its clock is known: that bound is wrong, and no time of its clients is decided`;
}

function describeWrongPublisher(agent: AgentResult): string | undefined {
  if (!isWrongPublisher(agent)) return undefined;
  return `agent ${agent.name} published ${renderCount(agent.publishedEvents ?? 0)} events by a clock that was set, or runs unevenly: when they were due is not known, and no latency of the run is decided`;
}
