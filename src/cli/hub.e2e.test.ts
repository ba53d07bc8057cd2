// norn-hub as users run it: a process with flags, signals, ready line and exit codes.
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { programFile } from '../target/spawn/program-file.ts';
import { countedEvent, openPeer, upTo } from '../testing/peers/listening-peer.ts';
import { postEvents } from '../testing/peers/post-events.ts';

const PROGRAM = programFile(new URL('./hub.ts', import.meta.url));
const READERS = programFile(new URL('../bench/subjects/fan-out-readers.ts', import.meta.url));

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null)
      await new Promise((resolve) => child.once('exit', resolve));
  }
});

interface HubProcess {
  readonly child: ChildProcess;
  /** Everything it wrote so far. */
  readonly output: { stdout: string; stderr: string };
  readonly exited: Promise<number | null>;
}

function run(argv: readonly string[], environment: Record<string, string> = {}, shell?: string): HubProcess {
  const command = shell
    ? ['sh', '-c', shell, 'sh', process.execPath, PROGRAM, ...argv]
    : [process.execPath, PROGRAM, ...argv];
  const child = spawn(command[0] as string, command.slice(1), { env: { ...process.env, ...environment } });
  children.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (output.stdout += text));
  child.stderr.on('data', (text) => (output.stderr += text));
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return { child, output, exited };
}

interface ReadyLine {
  readonly ready: boolean;
  readonly url: string;
  readonly broadcastUrl: string;
  readonly pid: number;
}

async function ready(hub: HubProcess): Promise<ReadyLine> {
  await expect.poll(() => hub.output.stdout).toContain('\n');
  return JSON.parse(hub.output.stdout) as ReadyLine;
}

describe('norn-hub', () => {
  it('prints one ready line, serves, and stops in order on SIGTERM', async () => {
    const hub = run(['--port', '0']);
    const line = await ready(hub);
    expect(line).toEqual({
      ready: true,
      url: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/ws$/),
      broadcastUrl: line.url.replace('ws://', 'http://').replace(/ws$/, 'broadcast'),
      pid: hub.child.pid,
    });
    const client = await openPeer(line.url);
    expect((await postEvents(line.broadcastUrl, [JSON.stringify(countedEvent(1))])).status).toBe(202);
    await expect.poll(() => client.sequences()).toEqual([1]);
    hub.child.kill('SIGTERM');
    expect(await hub.exited).toBe(0);
    await client.closed;
    expect(client.closeFrame()?.code).toBe(1001);
    expect(hub.output.stdout.split('\n').length).toBe(2);
  });

  it('ends at once on a second signal', async () => {
    const hub = run(['--port', '0']);
    const { url } = await ready(hub);
    const stalled = await openPeer(url);
    stalled.connection.pauseReading();
    hub.child.kill('SIGINT');
    await expect.poll(() => hub.output.stderr).toContain('stopping');
    hub.child.kill('SIGINT');
    // Either it had already stopped, or the second signal ended it.
    expect([0, 130]).toContain(await hub.exited);
    stalled.connection.destroy();
  });

  it('ends with its stdin when asked to, so that a killed parent leaves nothing behind', async () => {
    const hub = run(['--port', '0'], { NORN_EXIT_WITH_STDIN: '1' });
    await ready(hub);
    hub.child.stdin?.end();
    expect(await hub.exited).toBe(0);
  });

  it('takes its options from the environment as well', async () => {
    const hub = run([], { NORN_PORT: '0', NORN_ALLOWED_ORIGINS: 'https://a.example, https://b.example' });
    const { url } = await ready(hub);
    const client = await openPeer(url, { headers: [['Origin', 'https://b.example']] });
    expect(client.connection.isOpen).toBe(true);
    client.connection.destroy();
    await expect(openPeer(url, { headers: [['Origin', 'https://c.example']] })).rejects.toThrow('403');
  });

  it.each([
    [['--prot', '1'], '--prot: no such option; did you mean --port?'],
    [['--port', 'http'], '--port: expected a whole number from 0 to 65535, got "http"'],
    [['--eviction-grace', '1'], '--eviction-grace: "1" is not a duration'],
    [['--client-buffer', '0'], '--client-buffer: expected a whole number'],
    [['--host', '0.0.0.0', '--port', '0'], '--host: 0.0.0.0 is beyond loopback'],
    [['extra'], 'extra: unexpected argument'],
    [
      ['--allowed-origin', 'localhost'],
      '--allowed-origin: expected an origin as browsers send it, write https://localhost',
    ],
  ])('refuses %j in one line with exit code 2', async (argv, message) => {
    const hub = run(argv);
    expect(await hub.exited).toBe(2);
    expect(hub.output.stdout).toBe('');
    expect(hub.output.stderr).toContain(`norn-hub: ${message}`);
    expect(hub.output.stderr.trimEnd().split('\n').length).toBe(1);
  });

  it('says in one line that a port is in use, with exit code 3', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const hub = run(['--port', String(port)]);
    expect(await hub.exited).toBe(3);
    expect(hub.output.stderr.trimEnd()).toBe(
      `norn-hub: cannot listen on 127.0.0.1:${port}: the port is in use; choose another with --port (0 picks a free one)`,
    );
    await new Promise((resolve) => taken.close(resolve));
  });

  it('listens beyond loopback only with a token', async () => {
    const hub = run(['--host', '0.0.0.0', '--port', '0', '--broadcast-token', 'secret']);
    const { broadcastUrl } = await ready(hub);
    const local = broadcastUrl.replace('0.0.0.0', '127.0.0.1');
    const event = JSON.stringify(countedEvent(1));
    expect((await postEvents(local, [event])).status).toBe(401);
    expect((await postEvents(local, [event], { headers: { Authorization: 'Bearer secret' } })).status).toBe(
      202,
    );
  });

  it('goes on serving when it runs out of descriptors', async () => {
    const hub = run(['--port', '0'], {}, 'ulimit -n 64; exec "$@"');
    const { url, broadcastUrl } = await ready(hub);
    const witness = await openPeer(url);
    const dials = await Promise.allSettled(upTo(120).map(() => openPeer(url)));
    const opened = dials.flatMap((dial) => (dial.status === 'fulfilled' ? [dial.value] : []));
    expect(opened.length).toBeLessThan(120);
    for (const peer of opened) peer.connection.destroy();
    await expect
      .poll(async () => (await postEvents(broadcastUrl, [JSON.stringify(countedEvent(1))])).status)
      .toBe(202);
    await expect.poll(() => witness.sequences().length).toBeGreaterThan(0);
    witness.connection.destroy();
    expect(hub.child.exitCode).toBeNull();
  }, 60_000);

  it('lets 50 clients of another process survive a burst of 2,000 events', async () => {
    const hub = run(['--port', '0']);
    const { url, broadcastUrl } = await ready(hub);
    const readers = spawn(process.execPath, [READERS], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    children.push(readers);
    const answer = () => new Promise<object>((resolve) => readers.once('message', resolve));
    const connected = answer();
    readers.send({ kind: 'connect', port: Number(new URL(url).port), clients: 50 });
    await connected;
    const read = answer();
    readers.send({ kind: 'await', deliveries: 50 * 2_000 });
    const events = upTo(2_000).map((sequence) => JSON.stringify(countedEvent(sequence, 900)));
    expect((await postEvents(broadcastUrl, events, { deadlineMillis: 20_000 })).status).toBe(202);
    expect(await read).toEqual({ closed: 0 });
    const stats = await (await fetch(broadcastUrl.replace('broadcast', 'stats'))).json();
    expect(stats).toMatchObject({ clients: 50, evictions: 0, broadcasts: 2_000, deliveries: 100_000 });
  }, 60_000);
});
