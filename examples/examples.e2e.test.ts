// The example hubs, driven as a user would drive them: each is correct where the protocol is exact (who may enter, 65
// outstanding messages are kept and 66 are not, evicted clients are really gone), and the one built as in the
// protocol's diagram is wrong in the one way it is known for.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startStdioTarget } from '../src/target/spawn/stdio.ts';
import type { Target } from '../src/target/target.ts';
import { systemClock } from '../src/time/clock.ts';
import { pause } from '../src/time/deadline.ts';
import type { Connection, ConnectionEnd } from '../src/wire/connection.ts';
import { encodeClientFrame } from '../src/wire/frame-writer.ts';
import { hasSmallWindow } from '../src/wire/kernel/small-window-socket.ts';
import { createMessageReader, type WireEvent } from '../src/wire/message-reader.ts';
import { openConnection } from '../src/wire/open-connection.ts';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const GOPATH = '/usr/share/gocode';
const PYTHON = '/usr/bin/python3';

function whyNoGo(): string | undefined {
  if (spawnSync('go', ['version']).status !== 0) return 'Go is not installed';
  return existsSync(`${GOPATH}/src/github.com/gorilla/websocket`)
    ? undefined
    : 'gorilla is not installed (golang-github-gorilla-websocket-dev)';
}

function whyNoPython(): string | undefined {
  const check = 'import sys, websockets; sys.exit(int(websockets.__version__.split(".")[0]) < 10)';
  return spawnSync(PYTHON, ['-c', check]).status === 0 ? undefined : 'python3-websockets is not installed';
}

function buildGo(name: string): void {
  execFileSync('go', ['build', '-o', 'bin/hub', 'hub.go'], {
    cwd: file(name),
    env: { ...process.env, GO111MODULE: 'off', GOPATH },
  });
}

interface Example {
  readonly name: string;
  readonly command: string;
  readonly skip: string | undefined;
  readonly build?: () => void;
}

const EXAMPLES: readonly Example[] = [
  { name: 'node-ws', command: `'${process.execPath}' '${file('node-ws/hub.mjs')}'`, skip: undefined },
  {
    name: 'go-gorilla',
    command: `'${file('go-gorilla/bin/hub')}' -port 0`,
    skip: whyNoGo(),
    build: () => buildGo('go-gorilla'),
  },
  {
    name: 'python-websockets',
    command: `${PYTHON} '${file('python-websockets/hub.py')}'`,
    skip: whyNoPython(),
  },
];

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function started({ command }: Pick<Example, 'command'>): Promise<Target> {
  const start = await startStdioTarget({ command });
  if (!start.ok) throw new Error(start.problem);
  opened.push(start.target);
  return start.target;
}

interface Client {
  readonly connection: Connection;
  readonly sequences: number[];
  /** It has seen an event of the join barrier: from here on it misses nothing. */
  hasJoined: boolean;
  /** The Close frame's code, once there was one. */
  closeCode: number | undefined;
  fault: string | undefined;
  end: ConnectionEnd | undefined;
}

async function connect(target: Target, window: 'small' | 'default'): Promise<Client> {
  const reader = createMessageReader();
  const client: Omit<Client, 'connection'> = {
    sequences: [],
    hasJoined: false,
    closeCode: undefined,
    fault: undefined,
    end: undefined,
  };
  const take = (event: WireEvent) => {
    if (event.kind === 'text') takeText(client, JSON.parse(event.payload.toString()).payload.n);
    else if (event.kind === 'close') client.closeCode = event.payload.readUInt16BE(0);
    else if (event.kind === 'fault') client.fault = event.problem;
  };
  const outcome = await openConnection({
    url: target.url,
    clock: systemClock,
    window,
    deadlineMillis: 15_000,
    listener: {
      onBytes: (buffer, start, end) => reader.read(buffer.subarray(start, end)).forEach(take),
      onClosed: (end) => {
        client.end = end;
      },
    },
  });
  if (!outcome.ok) throw new Error(outcome.problem);
  opened.push({ close: () => outcome.connection.destroy() });
  const joined = Object.assign(client, { connection: outcome.connection });
  // A hub may register a client after its 101 (the diagram's does): nothing is asserted until it has seen an event.
  await expect
    .poll(async () => {
      await target.broadcast([event(JOIN)]);
      return joined.hasJoined;
    })
    .toBe(true);
  return joined;
}

function takeText(client: Pick<Client, 'sequences' | 'hasJoined'>, n: number | undefined): void {
  // An event of the driver's own, to try whether the hub takes NDJSON.
  if (n === undefined) return;
  if (n === JOIN) client.hasJoined = true;
  else client.sequences.push(n);
}

/** The number of events that only show that a client has joined. */
const JOIN = -1;
const event = (n: number, bytes = 0) =>
  `{"type":"deploy.progress","appId":"a","payload":{"sagaId":"s","message":"${'x'.repeat(bytes)}","n":${n}}}`;
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

async function broadcast(target: Target, from: number, to: number, bytes = 0): Promise<void> {
  for (let n = from; n < to; n += 1) {
    expect(await target.broadcast([event(n, bytes)])).toEqual({ ok: true, accepted: 1 });
  }
}

// 256 KiB is more than the kernel hides of a small window, so that every message but the first stays with the hub.
const LARGE_BYTES = 262_144;

/** A client that reads nothing after its first message, with `count` more messages broadcast. */
async function stallWith(target: Target, count: number): Promise<Client> {
  const stalled = await connect(target, 'small');
  await broadcast(target, 0, 1);
  await expect.poll(() => stalled.sequences).toEqual([0]);
  stalled.connection.pauseReading();
  await broadcast(target, 1, count + 1, LARGE_BYTES);
  return stalled;
}

/** Whether the hub closed the connection: a Pong into a closed socket is answered with a reset. */
async function isReallyClosed(client: Client, deadlineMillis: number): Promise<boolean> {
  const untilMicros = systemClock.nowMicros() + deadlineMillis * 1_000;
  while (client.end === undefined && systemClock.nowMicros() < untilMicros) {
    client.connection.write(encodeClientFrame(10, 'still there?'));
    await pause(systemClock, 100);
  }
  return client.end !== undefined;
}

function dialFrom(target: Target, headers: Record<string, string | string[]>): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(target.url, { headers: headers as Record<string, string> });
    socket.once('upgrade', (response) => {
      socket.once('open', () => socket.terminate());
      resolve(response.statusCode ?? 0);
    });
    socket.once('unexpected-response', (_request, response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', () => {});
  });
}

for (const example of EXAMPLES) {
  const reason = example.skip === undefined ? '' : ` (skipped: ${example.skip})`;
  describe.skipIf(example.skip !== undefined)(`the ${example.name} example${reason}`, () => {
    beforeAll(() => example.build?.(), 120_000);

    it('delivers every event to every client, in order', async () => {
      const target = await started(example);
      const clients = await Promise.all([1, 2, 3].map(() => connect(target, 'default')));
      await broadcast(target, 0, 20);
      await target.broadcast(
        upTo(40)
          .slice(20)
          .map((n) => event(n)),
      );
      for (const { sequences } of clients) await expect.poll(() => sequences).toEqual(upTo(40));
    });

    it('lets in whom the protocol lets in, and answers 403 to everybody else', async () => {
      const target = await started(example);
      const enter = ['http://localhost:5173', 'https://localhost', 'http://127.0.0.1:1', 'http://[::1]:3000'];
      for (const origin of ['', ...enter])
        expect([origin, await dialFrom(target, { origin })]).toEqual([origin, 101]);
      const stay = [
        'null',
        'https://evil.example',
        'http://localhost.evil.example',
        'http://[::2]',
        'http://0.0.0.0',
      ];
      for (const origin of stay) expect([origin, await dialFrom(target, { origin })]).toEqual([origin, 403]);
      expect(await dialFrom(target, { origin: ['http://localhost', 'http://evil.example'] })).toBe(403);
    });

    it('keeps a reader through a burst that it reads', async () => {
      const target = await started(example);
      const clients = await Promise.all(upTo(10).map(() => connect(target, 'default')));
      expect(await target.broadcast(upTo(1_000).map((n) => event(n, 500)))).toMatchObject({ ok: true });
      for (const { sequences } of clients) {
        await expect.poll(() => sequences.length).toBe(1_000);
        expect(sequences).toEqual(upTo(1_000));
      }
    });

    it('says goodbye with 1001 when it is stopped', async () => {
      const target = await started(example);
      const client = await connect(target, 'default');
      expect(await target.stop(10_000)).toMatchObject({ ok: true, exitCode: 0 });
      await expect.poll(() => client.closeCode).toBe(1001);
    });

    describe.skipIf(!hasSmallWindow())('with a client that does not read', () => {
      it('keeps it while 65 messages are outstanding, and delivers them all', async () => {
        const target = await started(example);
        const stalled = await stallWith(target, 65);
        expect(await isReallyClosed(stalled, 1_500)).toBe(false);
        stalled.connection.resumeReading();
        await expect.poll(() => stalled.sequences.length).toBe(66);
        await broadcast(target, 66, 67);
        await expect.poll(() => stalled.sequences).toEqual(upTo(67));
      });

      it('evicts it with the 66th, and really closes its socket', async () => {
        const target = await started(example);
        const witness = await connect(target, 'default');
        const stalled = await stallWith(target, 66);
        expect(await isReallyClosed(stalled, 20_000)).toBe(true);
        await broadcast(target, 67, 70);
        await expect.poll(() => witness.sequences).toEqual(upTo(70));
      });

      it('gives an evicted client that reads again a prefix and a Close that says why', async () => {
        const target = await started(example);
        const stalled = await stallWith(target, 66);
        stalled.connection.resumeReading();
        await expect.poll(() => stalled.end).toBeDefined();
        expect(stalled.fault).toBeUndefined();
        expect(stalled.sequences).toEqual(upTo(stalled.sequences.length));
        expect(stalled.sequences.length).toBeLessThanOrEqual(66);
        // Whether the backlog drains within the grace depends on the machine; the Close comes only after it.
        if (stalled.sequences.length === 66) expect(stalled.closeCode).toBe(1013);
      });
    });
  });
}

const diagram: Example = {
  name: 'go-diagram',
  command: `'${file('go-diagram/bin/hub')}' -port 0`,
  skip: whyNoGo() ?? (hasSmallWindow() ? undefined : 'small receive windows cannot be had here'),
};

describe.skipIf(diagram.skip !== undefined)(
  `the go-diagram example${diagram.skip === undefined ? '' : ` (skipped: ${diagram.skip})`}`,
  () => {
    beforeAll(() => buildGo('go-diagram'), 120_000);

    it('leaves the socket of an evicted client open for as long as it does not read', async () => {
      const target = await started(diagram);
      const witness = await connect(target, 'default');
      const stalled = await stallWith(target, 70);
      await expect.poll(() => witness.sequences).toEqual(upTo(71));
      expect(await isReallyClosed(stalled, 4_000)).toBe(false);
      stalled.connection.resumeReading();
      await expect.poll(() => stalled.end).toBeDefined();
      expect(stalled.sequences).toEqual(upTo(66));
    });
  },
);
