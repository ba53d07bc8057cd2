// A real nats-server for tests that need one, where it is installed.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { portOpens } from '../target/spawn/await-ready.ts';

const NATS_SERVER = 'nats-server';

/** Of the programs beside it; Debian has nats-server in /usr/sbin. */
export const NATS_ENVIRONMENT = { ...process.env, CI: 'true', PATH: `${process.env.PATH}:/usr/sbin` };

export const isNatsMissing = spawnSync(NATS_SERVER, ['--version'], { env: NATS_ENVIRONMENT }).status !== 0;

/** On 127.0.0.1; it is known before the server starts, so that one that is restarted is where it was. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves when it takes connections; the caller ends it. `config`: a configuration file. */
export async function startNatsServer(port: number, config?: string): Promise<ChildProcess> {
  const more = config === undefined ? [] : ['-c', config];
  const server = spawn(NATS_SERVER, ['-a', '127.0.0.1', '-p', `${port}`, ...more], {
    env: NATS_ENVIRONMENT,
    stdio: 'ignore',
  });
  if (await portOpens(`ws://127.0.0.1:${port}`, AbortSignal.timeout(20_000))) return server;
  server.kill('SIGKILL');
  throw new Error(`nats-server does not take connections on port ${port}`);
}
