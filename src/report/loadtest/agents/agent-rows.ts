// The machines of a run with agents, as a table: what the clients of each received, and how well it kept up.
import type { AgentResult } from '../../../load/result/agents/fold-agents.ts';
import type { CohortResult, LoadtestResult } from '../../../load/result/result.ts';
import { renderMicros } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';
import type { Rows } from '../../format/rows.ts';

/** No rows for a run on one machine. */
export function agentRows({ agents = [] }: LoadtestResult): Rows {
  const isUnaccounted = agents.some(({ unaccounted }) => unaccounted !== undefined);
  const isPublishing = agents.some(({ publishedEvents }) => publishedEvents !== undefined);
  return {
    head: [
      'agent',
      'host',
      'workers',
      'clients',
      'received',
      'lost',
      ...(isUnaccounted ? ['unaccounted'] : []),
      ...(isPublishing ? ['published'] : []),
      'CPU s',
      'loop delay p99',
      'clock within',
    ],
    rows: agents.map((agent) => [
      `${agent.name}${agent.lostBecause === undefined ? '' : ' (lost)'}`,
      agent.host,
      renderCount(agent.workers),
      renderCount(agent.clients),
      renderCount(agent.received),
      renderCount(agent.lost),
      ...(isUnaccounted ? [renderCount(agent.unaccounted ?? 0)] : []),
      ...(isPublishing ? [renderCount(agent.publishedEvents ?? 0)] : []),
      agent.cpuSeconds.toFixed(1),
      renderMicros(agent.eventLoopDelayMicros.p99),
      renderClock(agent),
    ]),
  };
}

function renderClock({ clockErrorMicros, clockContradictions = 0, impossibleLatencies = 0 }: AgentResult) {
  if (clockContradictions + impossibleLatencies > 0) return 'not known';
  return clockErrorMicros === 0 ? 'same clock' : `± ${renderMicros(clockErrorMicros)}`;
}

/** What the table does not say; nothing for a run on one machine. */
export function agentLines({ agents, cohorts, startSpreadMicros }: LoadtestResult): string[] {
  if (agents === undefined) return [];
  const isPublishing = agents.some(({ publishedEvents }) => publishedEvents !== undefined);
  // By the clock of the publisher, and by that of the client.
  const margin = (isPublishing ? 2 : 1) * Math.max(0, ...agents.map((agent) => agent.clockErrorMicros));
  const late = agents.flatMap(({ name, clockContradictions, unknownLatencies }) =>
    clockContradictions !== undefined || unknownLatencies === undefined
      ? []
      : `${name} ${renderCount(unknownLatencies)}`,
  );
  const gaps = agents.flatMap(({ name, resentMessages }) =>
    resentMessages === undefined ? [] : `${name} ${renderCount(resentMessages)}`,
  );
  return [
    margin === 0
      ? 'clocks: all machines read the same one, so that latencies are exact'
      : `clocks: latencies of clients on other machines than the publisher may be wrong by ${renderMicros(margin)} in either direction`,
    ...cohorts.flatMap(describeBounds),
    ...(startSpreadMicros === undefined
      ? []
      : [`the machines began to measure within ${renderMicros(startSpreadMicros)} of each other`]),
    ...(late.length > 0
      ? [`deliveries of unknown latency, as their agent learned too late who published: ${late.join(', ')}`]
      : []),
    ...(gaps.length > 0 ? [`messages that were lost on the way, and sent again: ${gaps.join(', ')}`] : []),
  ];
}

/** Nothing where its latencies are exact. */
function describeBounds({ name, latencyBoundsMicros: bounds }: CohortResult): string[] {
  if (bounds === undefined || bounds.upper.count === 0 || bounds.own?.count === bounds.upper.count) return [];
  const { lower, upper, own } = bounds;
  const exact = own && `; ${renderMicros(own.p99)} for the ${renderCount(own.count)} that one clock measured`;
  return [
    `latencies of ${name}: p99 is ${renderMicros(lower.p99)} at least, and ${renderMicros(upper.p99)} at most${exact ?? ''}`,
  ];
}
