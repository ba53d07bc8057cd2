#!/usr/bin/env node
// norn-hub: the reference hub as a program. One ready line on stdout, logs on stderr, ends in order on SIGTERM.
import { isIPv4 } from 'node:net';
import { createHub, type Hub } from '../hub/hub.ts';
import { BROADCAST_BUFFER_EVENTS, CLIENT_BUFFER_MESSAGES, DEFAULT_PORT } from '../protocol/limits.ts';
import { EXIT_CODE } from './exit-code.ts';
import { parseCommandLine, runProgram, UsageError } from './options/command-line.ts';
import { duration, integer, text, texts } from './options/option.ts';

/** Lines that a reader of stderr who does not read would make pile up are left out. */
const MAX_UNREAD_LOG_BYTES = 256 * 1024;

const SPEC = {
  program: 'norn-hub',
  usage: '[options]',
  describe:
    'The reference hub: the Norn event protocol, executable. Prints one line of JSON when it is ready.',
  maxPositionals: 0,
  options: {
    host: text('Address to listen on; beyond loopback a --broadcast-token is needed [127.0.0.1]', 'ADDRESS'),
    port: integer(`TCP port; 0 for any free one [${DEFAULT_PORT}]`, 'PORT', 0, 65_535),
    'allowed-origin': texts('Origin to allow besides the defaults and local hosts; repeatable', 'ORIGIN'),
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
    'ping-interval': duration('Time between pings; gone after two unanswered; 0 for none [30s]'),
    'broadcast-token': text('Demanded of POST /broadcast as "Authorization: Bearer TOKEN"', 'TOKEN'),
  },
  exitCodes: [
    [EXIT_CODE.passed, 'stopped in order, on SIGTERM or SIGINT'],
    [EXIT_CODE.usage, 'bad usage'],
    [EXIT_CODE.target, 'could not listen'],
    [EXIT_CODE.interrupted, 'ended at once by a second signal'],
  ],
  examples: [
    ['norn-hub', 'the protocol on ws://127.0.0.1:8800/ws'],
    ['norn-hub --port 0 --client-buffer 8', 'any free port, evicts at 10 outstanding messages'],
  ],
} as const;

await runProgram(SPEC.program, async (argv) => {
  const line = await parseCommandLine(SPEC, argv, process.env);
  if (line.kind === 'print') {
    console.log(line.text);
    return EXIT_CODE.passed;
  }
  const { values } = line;
  const host = values.host ?? '127.0.0.1';
  const broadcastToken = values['broadcast-token'];
  if (!isLoopback(host) && broadcastToken === undefined) {
    throw new UsageError(
      `--host: ${host} is beyond loopback, where anyone could inject events; give --broadcast-token too`,
    );
  }
  const hub = createHub({
    allowedOrigins: [...(values['allowed-origin'] ?? []), ...splitList(process.env.NORN_ALLOWED_ORIGINS)],
    ...given('clientBufferMessages', values['client-buffer']),
    ...given('broadcastBufferEvents', values['broadcast-buffer']),
    ...given('evictionGraceMillis', values['eviction-grace']),
    ...given('pingIntervalMillis', values['ping-interval']),
    ...given('broadcastToken', broadcastToken),
    logger: { info: (message) => log('info', message), warn: (message) => log('warn', message) },
  });
  return serve(hub, host, values.port ?? DEFAULT_PORT);
});

async function serve(hub: Hub, host: string, port: number): Promise<number> {
  const interrupted = untilAskedToStop();
  try {
    const addresses = await hub.listen(port, host);
    console.log(JSON.stringify({ ready: true, ...addresses, pid: process.pid }));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what =
      code === 'EADDRINUSE' ? 'the port is in use; choose another with --port, or 0 for any' : message;
    console.error(`${SPEC.program}: cannot listen on ${host}:${port}: ${what}`);
    process.exit(EXIT_CODE.target);
  }
  await interrupted;
  log('info', 'stopping');
  await hub.stop();
  process.exit(EXIT_CODE.passed);
}

/** A signal, or the end of stdin for a hub whose parent asked for that; a second signal ends it at once. */
function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        signals += 1;
        if (signals > 1) process.exit(EXIT_CODE.interrupted);
        resolve();
      });
    }
    if (process.env.NORN_EXIT_WITH_STDIN === '1') {
      process.stdin.on('end', () => process.exit(EXIT_CODE.passed));
      process.stdin.on('error', () => process.exit(EXIT_CODE.passed));
      process.stdin.resume();
    }
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function splitList(list: string | undefined): string[] {
  return (list ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

function given<K extends string, T>(name: K, value: T | undefined): { [P in K]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]?: T });
}

function log(level: string, message: string): void {
  if (process.stderr.writableLength > MAX_UNREAD_LOG_BYTES) return;
  console.error(JSON.stringify({ level, at: new Date().toISOString(), message }));
}
