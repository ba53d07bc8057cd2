// What norn-hub takes on its command line.
import { BROADCAST_BUFFER_EVENTS, CLIENT_BUFFER_MESSAGES, DEFAULT_PORT } from '../../protocol/limits.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { duration, flag, integer, text } from '../options/option.ts';
import { origins } from '../options/origin-option.ts';

export const SPEC = {
  program: 'norn-hub',
  usage: '[options]',
  describe: 'The reference hub of the Norn event protocol. Prints one line of JSON when it is ready.',
  maxPositionals: 0,
  options: {
    host: text('Address to listen on; beyond loopback it requires --broadcast-token [127.0.0.1]', 'ADDRESS'),
    port: integer(`TCP port; 0 picks a free one [${DEFAULT_PORT}]`, 'PORT', 0, 65_535),
    socket: text('Listen on a Unix socket with this path instead of a port', 'PATH'),
    'allowed-origin': origins('Origin to allow besides the defaults and local hosts; repeatable'),
    'client-buffer': integer(
      `Messages buffered for each client besides the one in flight [${CLIENT_BUFFER_MESSAGES}]`,
      'N',
      1,
      1_000_000,
    ),
    'broadcast-buffer': integer(
      `Events buffered between producers and the run loop [${BROADCAST_BUFFER_EVENTS}]`,
      'N',
      1,
      1_000_000,
    ),
    'eviction-grace': duration('How long the queue of an evicted client may drain [1s]'),
    'ping-interval': duration(
      'Time between pings; a client that misses two is disconnected; 0 turns pings off [30s]',
    ),
    compression: flag('Agree to permessage-deflate with clients that offer it, as browsers do'),
    cert: text('Serve TLS with this certificate (PEM); needs --key', 'FILE'),
    key: text('Its private key (PEM); the passphrase of an encrypted one is in NORN_KEY_PASSPHRASE', 'FILE'),
    'broadcast-token': text('Bearer token required for POST /broadcast', 'TOKEN'),
  },
  exitCodes: [
    [EXIT_CODE.passed, 'stopped by SIGTERM or SIGINT'],
    [EXIT_CODE.usage, 'bad usage'],
    [EXIT_CODE.target, 'could not listen'],
    [EXIT_CODE.interrupted, 'stopped at once by a second signal'],
  ],
  examples: [
    ['norn-hub', 'the protocol on ws://127.0.0.1:8800/ws'],
    ['norn-hub --socket /run/hub.sock', 'the protocol on ws+unix:/run/hub.sock:/ws'],
    ['norn-hub --port 0 --client-buffer 8', 'a free port; evicts at 10 outstanding messages'],
  ],
} as const;
