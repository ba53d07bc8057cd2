// Flags for load from several machines: where the NATS server is over which they find each other, and who this program is there.
import { DEFAULT_POOL } from '../../../agents/messages/messages.ts';
import { LOST_AGENT_POLICIES } from '../../../kit/lost-agent.ts';
import { PUBLISHERS } from '../../../kit/publish-from.ts';
import { choice, integer, text } from '../../options/option.ts';

const group = 'Other machines:';

export const NATS_OPTIONS = {
  nats: {
    ...text(
      'NATS server over which agents and coordinator find each other: nats://HOST[:PORT], or tls://; a login stands before HOST, as in any URL',
      'URL',
    ),
    group,
  },
  pool: { ...text(`Which agents belong together [${DEFAULT_POOL}]`, 'NAME'), group },
  'nats-creds': { ...text('Credentials file of this program for NATS', 'FILE'), group },
  'nats-ca': { ...text('Certificate to trust for NATS (PEM)', 'FILE'), group },
  'nats-cert': { ...text('Certificate of this program for NATS (PEM); needs --nats-key', 'FILE'), group },
  'nats-key': { ...text('Its private key (PEM)', 'FILE'), group },
} as const;

/** Of a coordinator. */
export const AGENTS_OPTIONS = {
  agents: {
    ...integer(
      'Run the clients on so many machines, each with norn-loadtest agent; --workers is then for each',
      'N',
      1,
      1_000,
    ),
    group,
  },
  'lost-agent': {
    ...choice(
      'When an agent is lost: end the run, or continue with the others; either way the run does not pass [end]',
      LOST_AGENT_POLICIES.join('|'),
      LOST_AGENT_POLICIES,
    ),
    group,
  },
  'publish-from': {
    ...choice(
      'Who publishes in the measured time: the coordinator, or the agents in turn, each a second, so that clients beside the publisher have latencies of one clock [agents, where they have clocks of their own, are near, and can: one hub over HTTP, no faults]',
      PUBLISHERS.join('|'),
      PUBLISHERS,
    ),
    group,
  },
  ...NATS_OPTIONS,
} as const;

/** Of a coordinator that runs several load tests. */
const { 'lost-agent': _, ...ofRuns } = AGENTS_OPTIONS;
export const AGENTS_OF_RUNS_OPTIONS = ofRuns;
export const ENDS_WITHOUT_AGENT = {
  'lost-agent': 'one of several load tests says nothing once an agent is lost, and ends; leave it out',
} as const;
