// The flags that name a hub and how it is driven, shared by every program that tests one.
import { flag, integer, text, texts } from './option.ts';

const group = 'Hub under test:';

export const TARGET_OPTIONS = {
  'broadcast-url': { ...text('Where to POST events [/broadcast on the same host]', 'URL'), group },
  'broadcast-header': { ...texts('Header of these requests, "Name: value"; repeatable', 'HEADER'), group },
  'broadcast-template': {
    ...text('Body of these requests, with a placeholder for the envelope', 'FILE'),
    group,
  },
  spawn: { ...text('Start the hub with this command and read its ready line', 'CMD'), group },
  adapter: { ...text('Module that default-exports createTarget()', 'FILE'), group },
  observe: { ...flag('Only listen: never make the hub broadcast'), group },
  pid: { ...integer('Process of the hub, to read its memory and descriptors', 'PID', 1, 2 ** 31), group },
  'behind-proxy': {
    ...flag('Whether a proxy stands before the hub (=false: none) [found out]'),
    group,
  },
} as const;

/** For a command that takes several hubs, which must deliver the same events. */
export const HUBS_OPTIONS = {
  ...TARGET_OPTIONS,
  'broadcast-url': {
    ...texts(
      'Where to POST events [/broadcast on the same host]; with several hubs one, or one for each',
      'URL',
    ),
    group,
  },
  'in-turn': {
    ...flag('Publish at all hubs in turn, a second each, instead of at the first'),
    group,
  },
  spawn: {
    ...texts('Start a hub with this command and read its ready line; repeatable', 'CMD'),
    group,
  },
} as const;

const tls = 'TLS (wss:// and https://):';

/** How a hub is reached over TLS. */
export const TLS_OPTIONS = {
  ca: { ...texts("Certificate to trust instead of the system's (PEM); repeatable", 'FILE'), group: tls },
  cert: { ...text('Certificate of the clients (PEM); needs --key', 'FILE'), group: tls },
  key: { ...text('Its private key (PEM)', 'FILE'), group: tls },
  servername: { ...text('Name that the certificate must have [the host of the URL]', 'NAME'), group: tls },
  insecure: { ...flag('Accept any certificate; every report says it'), group: tls },
} as const;

const clients = 'Who the clients are:';

/** For programs that have origins of their own. */
export const CLIENT_OPTIONS = {
  'client-header': {
    ...texts('Header of their handshakes, "Name: value"; repeatable', 'HEADER'),
    group: clients,
  },
  subprotocol: { ...texts('Subprotocol that they offer; repeatable', 'NAME'), group: clients },
  'client-data': {
    ...text(
      'CSV with a header row, or NDJSON: a row for each client. Headers, origin, subprotocols, and path and query of the URL may have {COLUMN}, {client} (its number), {cohort}, {uuid} and {env:NAME}',
      'FILE',
    ),
    group: clients,
  },
  'client-data-reuse': { ...flag('More clients than rows begin again with the first row'), group: clients },
} as const;

/** Who the clients say they are. */
export const IDENTITY_OPTIONS = {
  origin: { ...text('Origin that they send [none]', 'ORIGIN'), group: clients },
  ...CLIENT_OPTIONS,
} as const;

/** For commands that load a hub. */
export const REMOTE_OPTION = {
  'allow-remote-target': {
    ...flag('Allow a hub on another machine; only load hosts that you own'),
    group,
  },
} as const;
