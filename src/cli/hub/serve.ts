// Serves the reference hub: one ready line on stdout, logs on stderr, an orderly stop on SIGTERM.
import { isIPv4 } from 'node:net';
import { createHub, type Hub } from '../../hub/hub.ts';
import { DEFAULT_PORT } from '../../protocol/limits.ts';
import { readKeyPair } from '../../target/tls/tls-flags.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import type { ParsedLine } from '../options/command-line.ts';
import { parseOrigin } from '../options/origin-option.ts';
import { UsageError } from '../options/usage-error.ts';
import { SPEC } from './spec.ts';

/** Log lines beyond this are dropped, so that a stuck reader of stderr cannot make them pile up. */
const MAX_UNREAD_LOG_BYTES = 256 * 1024;

export async function serve({ values }: ParsedLine<typeof SPEC.options>): Promise<ExitCode> {
  const host = values.host ?? '127.0.0.1';
  const broadcastToken = values['broadcast-token'];
  const { socket } = values;
  const other =
    socket === undefined
      ? undefined
      : (['host', 'port', 'cert'] as const).find((name) => values[name] !== undefined);
  if (other !== undefined)
    throw new UsageError(`--socket: a Unix socket has no --${other}; leave out one of them`);
  if (!isLoopback(host) && broadcastToken === undefined) {
    throw new UsageError(
      `--host: ${host} is beyond loopback, where anyone could inject events; add --broadcast-token`,
    );
  }
  const { cert, key } = values;
  const tls = readKeyPair({ cert, key, keyPassphrase: process.env.NORN_KEY_PASSPHRASE });
  if (!tls.ok) throw new UsageError(tls.problem);
  const hub = createHub({
    allowedOrigins: [...(values['allowed-origin'] ?? []), ...listedOrigins()],
    ...given('clientBufferMessages', values['client-buffer']),
    ...given('broadcastBufferEvents', values['broadcast-buffer']),
    ...given('evictionGraceMillis', values['eviction-grace']),
    ...given('pingIntervalMillis', values['ping-interval']),
    ...given('compression', values.compression),
    ...given('broadcastToken', broadcastToken),
    ...given('tls', tls.value),
    logger: { info: (message) => log('info', message), warn: (message) => log('warn', message) },
  });
  return listen(hub, socket ?? values.port ?? DEFAULT_PORT, host);
}

async function listen(hub: Hub, portOrPath: number | string, host: string): Promise<never> {
  const interrupted = untilStopped();
  try {
    const addresses = await hub.listen(portOrPath, host);
    console.log(JSON.stringify({ ready: true, ...addresses, pid: process.pid }));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isPath = typeof portOrPath === 'string';
    const inUse = isPath
      ? 'the file exists; remove it when no hub uses it any more'
      : 'the port is in use; choose another with --port (0 picks a free one)';
    const where = isPath ? portOrPath : `${host}:${portOrPath}`;
    const what = code === 'EADDRINUSE' ? inUse : message;
    console.error(`${SPEC.program}: cannot listen on ${where}: ${what}`);
    process.exit(EXIT_CODE.target);
  }
  await interrupted;
  log('info', 'stopping');
  await hub.stop();
  process.exit(EXIT_CODE.passed);
}

/** A signal, or the end of stdin where the parent process wants that; a second signal stops at once. */
function untilStopped(): Promise<void> {
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

function listedOrigins(): string[] {
  return splitList(process.env.NORN_ALLOWED_ORIGINS).map((text) => {
    const origin = parseOrigin(text);
    if (!origin.ok) throw new UsageError(`NORN_ALLOWED_ORIGINS: ${origin.problem}`);
    return origin.value;
  });
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
