// The metrics of the machines of a run, while it goes on; without values on one machine.
import type { ProgressView } from '../coordinator/run-options.ts';
import type { AgentView } from '../coordinator/workers/view-agents.ts';
import type { LiveMetric, LiveNumber } from './live-metric.ts';

const ofAgents =
  (value: (agent: AgentView) => number) =>
  ({ agents = [] }: ProgressView): readonly LiveNumber[] =>
    agents.map((agent) => ({ labels: { agent: agent.name }, value: value(agent) }));

const AGENT = ['agent'];

export const AGENT_METRICS: readonly LiveMetric[] = [
  {
    name: 'norn_agent_clients_open',
    kind: 'gauge',
    help: 'Clients of an agent that are connected.',
    labels: AGENT,
    read: ofAgents(({ clients }) => clients),
  },
  {
    name: 'norn_agent_deliveries_total',
    kind: 'counter',
    help: 'Events that clients of an agent received and verified.',
    labels: AGENT,
    read: ofAgents(({ deliveries }) => deliveries),
  },
  {
    name: 'norn_agent_event_loop_delay_seconds',
    kind: 'gauge',
    help: 'The longest delay of any worker process of an agent, of about a second.',
    labels: AGENT,
    read: ofAgents(({ eventLoopDelayMicros }) => eventLoopDelayMicros / 1e6),
  },
  {
    name: 'norn_agent_clock_error_seconds',
    kind: 'gauge',
    help: 'How far the times of an agent may be off, in either direction.',
    labels: AGENT,
    read: ofAgents(({ clockErrorMicros }) => clockErrorMicros / 1e6),
  },
  {
    name: 'norn_agent_silence_seconds',
    kind: 'gauge',
    help: 'Time since an agent was heard last.',
    labels: AGENT,
    read: ofAgents(({ lastBeatMillisAgo }) => lastBeatMillisAgo / 1e3),
  },
  {
    name: 'norn_agent_lost',
    kind: 'gauge',
    help: '1 for an agent that is lost.',
    labels: AGENT,
    read: ofAgents(({ isLost }) => (isLost ? 1 : 0)),
  },
];
