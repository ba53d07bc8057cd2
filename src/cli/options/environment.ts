// NORN_* variables: the name of the one for an option, and suggestions for those that no program reads.
import { suggest } from '../../units/suggest.ts';

const PREFIX = 'NORN_';

/** The variable whose value an option has where no flag gives one. */
export function environmentName(name: string): string {
  return `${PREFIX}${name.toUpperCase().replaceAll('-', '_')}`;
}

/** Options of every program and command, as one environment may serve them all. A test keeps the list complete. */
export const OPTION_NAMES: readonly string[] = [
  'abort-on-breach',
  'adapter',
  'agents',
  'allow-exec',
  'allow-remote-target',
  'allowed-origin',
  'behind-proxy',
  'broadcast-buffer',
  'broadcast-header',
  'broadcast-template',
  'broadcast-token',
  'broadcast-url',
  'budget',
  'ca',
  'cert',
  'client-buffer',
  'client-data',
  'client-data-reuse',
  'client-header',
  'clients',
  'cohort',
  'compression',
  'confidence',
  'difference',
  'duration',
  'events',
  'eviction-grace',
  'explain',
  'explore-time',
  'fail-on',
  'fault',
  'from',
  'host',
  'html',
  'http-load',
  'in-turn',
  'insecure',
  'key',
  'kick-deadline',
  'known-failing',
  'level',
  'list',
  'local-address',
  'lost-agent',
  'markdown',
  'name',
  'nats',
  'nats-ca',
  'nats-cert',
  'nats-creds',
  'nats-key',
  'no-progress',
  'observe',
  'only',
  'origin',
  'out',
  'output',
  'pairs',
  'pid',
  'ping-interval',
  'pool',
  'port',
  'precision',
  'program',
  'publish-from',
  'quiet',
  'ramp',
  'rate',
  'read-backend',
  'reads',
  'reconnect',
  'redact',
  'reporter',
  'runs',
  'scenario',
  'seed',
  'servername',
  'skip',
  'socket',
  'spawn',
  'speed',
  'stages',
  'start-at',
  'start-deadline',
  'start-when',
  'strict',
  'subprotocol',
  'threshold',
  'time',
  'to',
  'ui',
  'vary',
  'wait',
  'warmup',
  'workers',
];

/** Variables that belong to no option. */
const OTHER_VARIABLES = ['NORN_ALLOWED_ORIGINS', 'NORN_EXIT_WITH_STDIN', 'NORN_KEY_PASSPHRASE'];

/** One sentence for each variable that looks like a typo. */
export function suggestVariables(present: readonly string[]): string[] {
  const known = [...OPTION_NAMES.map(environmentName), ...OTHER_VARIABLES];
  const words = known.map((name) => name.slice(PREFIX.length));
  return present
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .flatMap((name) => {
      const meant = suggest(name.slice(PREFIX.length), words);
      return meant === undefined
        ? []
        : [`${name}: no program reads this variable; did you mean ${PREFIX}${meant}?`];
    });
}
