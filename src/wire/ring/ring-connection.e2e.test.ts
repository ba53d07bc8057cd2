// Connections that a ring reads, against those that Node's sockets read: any order of data, writes, pauses and ends gives the
// same bytes on both sides and the same end, once, and leaves no descriptor. And what a ring does when buffers run out, when it is closed, and where there is none.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectionEnd, OpeningConnection } from '../connection.ts';
import { openPreparedDescriptor, openUnixDescriptor } from '../kernel/prepared-socket.ts';
import { bindSocketCalls, type SocketCalls } from '../kernel/socket-calls.ts';
import { SocketConnection } from '../socket-connection.ts';
import { openRing } from './open-ring.ts';
import type { ReadRing } from './read-ring.ts';
import { bindRingCalls, type RingCalls } from './ring-calls.ts';
import { RingConnection } from './ring-connection.ts';

const SCHEDULES = 1_000;
const opened = openRing();
const ring = opened.ok ? opened.value : undefined;
const READ_BUFFER = Buffer.allocUnsafe(64 * 1024);
const turn = () => new Promise((resolve) => setImmediate(resolve));
const countDescriptors = () => readdirSync('/proc/self/fd').length;

let server: Server;
let accept: (socket: Socket) => void = () => {};
beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => {});
    accept(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
  ring?.close();
});

interface Pair {
  readonly peer: Socket;
  readonly connection: OpeningConnection;
  readonly received: { bytes: number; readonly hash: ReturnType<typeof createHash> };
  readonly ended: Promise<ConnectionEnd>;
  untilBytes(bytes: number): Promise<void>;
}

/** A connection that is on its way to the port, by libc's calls or others. */
function connectTo(port: number, by: ReadRing | undefined, others?: Partial<SocketCalls>): OpeningConnection {
  if (by === undefined) {
    const connection = new SocketConnection(READ_BUFFER);
    connection.connect({ host: '127.0.0.1', port });
    return connection;
  }
  const fd = openPreparedDescriptor({ address: '127.0.0.1', family: 4 }, port, { isSmall: false });
  if (fd === undefined) throw new Error('no descriptor');
  const calls = { ...(bindSocketCalls() as SocketCalls), ...others };
  return new RingConnection({ fd, ring: by, calls, readBuffer: READ_BUFFER });
}

/** A reset at once, behind what it has written. */
function resetNow(peer: Socket): void {
  bindSocketCalls()?.resetOnClose(
    (peer as unknown as { readonly _handle: { readonly fd: number } })._handle.fd,
  );
  peer.destroy();
}

/** Connected, past a first byte, and with a ring if there is one. */
async function openPair(by: ReadRing | undefined, others?: Partial<SocketCalls>): Promise<Pair> {
  const accepted = new Promise<Socket>((resolve) => {
    accept = resolve;
  });
  const connection = connectTo((server.address() as AddressInfo).port, by, others);
  const received = { bytes: 0, hash: createHash('sha1') };
  const waiting: { readonly bytes: number; readonly resolve: () => void }[] = [];
  const untilBytes = (bytes: number): Promise<void> =>
    received.bytes >= bytes ? Promise.resolve() : new Promise((resolve) => waiting.push({ bytes, resolve }));
  let end: (how: ConnectionEnd) => void = () => {};
  const ended = new Promise<ConnectionEnd>((resolve) => {
    end = resolve;
  });
  let ends = 0;
  connection.listener = {
    onBytes(buffer, start, stop) {
      expect([connection.isOpen, ends]).toEqual([true, 0]);
      received.bytes += stop - start;
      received.hash.update(buffer.subarray(start, stop));
      for (const { bytes, resolve } of waiting) if (received.bytes >= bytes) resolve();
    },
    onClosed(how) {
      expect([connection.isOpen, ++ends]).toEqual([false, 1]);
      end(how);
    },
  };
  connection.start();
  const peer = await accepted;
  peer.write('!');
  await untilBytes(1);
  connection.hold(Buffer.alloc(0));
  await turn();
  return { peer, connection, received, ended, untilBytes };
}

type Act =
  | { readonly kind: 'send' | 'write'; readonly bytes: number }
  | { readonly kind: 'pause' | 'resume' | 'turn' | 'end writing' };
type End = 'fin' | 'data and fin at once' | 'reset' | 'fin while paused' | 'close' | 'reset by client';

const acts = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constantFrom('send' as const, 'write' as const),
        bytes: fc.constantFrom(1, 7, 126, 4_095, 4_096, 4_097, 20_000),
      }),
    },
    fc.record({
      kind: fc.constantFrom('pause' as const, 'resume' as const, 'turn' as const, 'end writing' as const),
    }),
  ),
  { maxLength: 8 },
);
const ends = fc.constantFrom<End>(
  'fin',
  'data and fin at once',
  'reset',
  'fin while paused',
  'close',
  'reset by client',
);

async function perform(by: ReadRing | undefined, schedule: readonly Act[], how: End) {
  const { peer, connection, received, ended, untilBytes } = await openPair(by);
  let [sent, isPaused] = [1, false];
  let [written, taken, isWritten] = [0, 0, false];
  const takenHash = createHash('sha1');
  peer.allowHalfOpen = true;
  peer.on('data', (bytes: Buffer) => {
    taken += bytes.length;
    takenHash.update(bytes);
  });
  for (const act of schedule) {
    if (act.kind === 'send') {
      peer.write(Buffer.alloc(act.bytes, sent % 251));
      sent += act.bytes;
    } else if (act.kind === 'write') {
      connection.write(Buffer.alloc(act.bytes, written % 251));
      if (!isWritten) written += act.bytes;
    } else if (act.kind === 'end writing') {
      connection.endWriting();
      isWritten = true;
    } else if (act.kind === 'turn') await turn();
    else {
      // What is on its way when it stops reading may come before or after.
      if (act.kind === 'pause' && !isPaused) await untilBytes(sent);
      isPaused = act.kind === 'pause';
      if (isPaused) connection.pauseReading();
      else connection.resumeReading();
    }
    if (isPaused) expect(received.bytes).toBeLessThanOrEqual(sent);
  }
  while (taken < written) await once(peer, 'data');
  peer.allowHalfOpen = isWritten;
  if (how === 'fin while paused') {
    if (!isPaused) await untilBytes(sent);
    connection.pauseReading();
    peer.end('last');
    sent += 4;
    await once(peer, 'finish');
    connection.resumeReading();
  } else {
    connection.resumeReading();
    await untilBytes(sent);
    if (how === 'data and fin at once') {
      peer.write('last');
      peer.destroy();
      sent += 4;
    } else if (how === 'fin') peer.end();
    else if (how === 'reset') resetNow(peer);
    else if (how === 'close') connection.destroy();
    else connection.reset();
  }
  const seenByPeer =
    !isWritten && (how === 'close' || how === 'reset by client')
      ? new Promise<boolean>((resolve) => peer.once('close', resolve))
      : undefined;
  const end = await ended;
  const hadError = await seenByPeer;
  peer.destroy();
  await turn();
  const hashes = [received.hash, takenHash].map((hash) => hash.digest('hex'));
  return { end, sent, bytes: received.bytes, hashes, hadError };
}

const ROUNDS = 5;
const CLOSING_CONNECTIONS = 100;
/** Greets whoever connects; says goodbye to all on any input, and ends each connection after the answer. */
const CLOSING_PEER = `
const all = [];
const server = require('node:net').createServer((socket) => {
  socket.on('error', () => {});
  all.push(socket);
  socket.write('!');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('data', () => {
  for (const socket of all) {
    socket.write('close');
    socket.on('data', () => socket.end());
  }
});
`;

/** A connection that a ring reads after its first byte, and that answers what comes then; resolves once it is read so. */
async function answerClosing(port: number): Promise<{ readonly ended: Promise<ConnectionEnd> }> {
  const connection = connectTo(port, ring);
  let isGreeted = false;
  let greeted: () => void = () => {};
  let end: (how: ConnectionEnd) => void = () => {};
  const ended = new Promise<ConnectionEnd>((resolve) => {
    end = resolve;
  });
  const ready = new Promise<void>((resolve) => {
    greeted = resolve;
  });
  connection.listener = {
    onClosed: (how) => end(how),
    onBytes() {
      if (isGreeted) {
        connection.write(Buffer.from('closed'));
        connection.endWriting();
        return;
      }
      isGreeted = true;
      connection.hold(Buffer.alloc(0));
      greeted();
    },
  };
  connection.start();
  await ready;
  return { ended };
}

describe('a ring', () => {
  const calls = bindRingCalls();

  it.skipIf(!calls.ok)('says why there is none', () => {
    if (!calls.ok) return;
    const refusing = (error: string) => {
      const refused = openRing({
        ok: true,
        value: { ...calls.value, setup: () => -1, lastError: () => error },
      });
      return refused.ok ? '' : refused.problem;
    };
    expect(refusing('ENOSYS')).toBe('this kernel has no io_uring (ENOSYS)');
    expect(refusing('EPERM')).toContain('forbidden here (EPERM)');
    expect(refusing('EINVAL')).toContain('too old');
    expect(openRing({ ok: false, problem: 'no koffi' })).toEqual({ ok: false, problem: 'no koffi' });
  });

  it.skipIf(ring === undefined || !calls.ok)('is not used where the kernel does not read on', () => {
    if (!calls.ok) return;
    let sends = 0;
    const send: RingCalls['send'] = (fd, bytes) => (sends++ === 0 ? calls.value.send(fd, bytes) : 0);
    expect(openRing({ ok: true, value: { ...calls.value, send } })).toEqual({
      ok: false,
      problem: 'this kernel does not read on by itself (multishot recv)',
    });
  });
});

describe.skipIf(ring === undefined)(
  `connections that a ring reads${opened.ok ? '' : ` (skipped: ${opened.problem})`}`,
  () => {
    it('receive, write and end as those of Node do, in any order', async () => {
      const before = countDescriptors();
      await fc.assert(
        fc.asyncProperty(acts, ends, async (schedule, how) => {
          const byNode = await perform(undefined, schedule, how);
          const byRing = await perform(ring, schedule, how);
          expect(byRing).toEqual(byNode);
          expect(byRing.bytes).toBe(byRing.sent);
        }),
        { numRuns: SCHEDULES },
      );
      await expect.poll(countDescriptors).toBeLessThanOrEqual(before);
    }, 120_000);

    it('see the end of a peer that sends and ends at once, and exits', async () => {
      const pairs: Pair[] = [];
      while (pairs.length < 300) pairs.push(await openPair(ring));
      for (const { peer } of pairs) {
        peer.write('goodbye');
        peer.destroy();
      }
      for (const { ended, received } of pairs) {
        expect(await ended).toEqual({ kind: 'fin' });
        expect(received.bytes).toBe(8);
      }
    });

    it('see the ends of a hundred closing handshakes with another process', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const peer = spawn(process.execPath, ['-e', CLOSING_PEER], { stdio: ['pipe', 'pipe', 'inherit'] });
        const port = Number(String(await once(peer.stdout, 'data')));
        const ends: Promise<ConnectionEnd>[] = [];
        while (ends.length < CLOSING_CONNECTIONS) ends.push((await answerClosing(port)).ended);
        peer.stdin.write('close');
        for (const end of await Promise.all(ends)) expect(end).toEqual({ kind: 'fin' });
        peer.kill();
      }
    });

    it('receive more at once than the ring has buffers', async () => {
      const pairs: Pair[] = [];
      while (pairs.length < 40) pairs.push(await openPair(ring));
      for (const { peer } of pairs) peer.write(Buffer.alloc(100_000, 'y'));
      await Promise.all(pairs.map(({ untilBytes }) => untilBytes(100_001)));
      for (const { connection, ended } of pairs) {
        connection.reset();
        expect(await ended).toEqual({ kind: 'local' });
      }
    });

    it('know which completions came together, and that none are read outside', async () => {
      const { peer, connection, untilBytes } = await openPair(ring);
      const { listener } = connection;
      const batches: (number | undefined)[] = [];
      connection.listener = {
        onClosed: listener.onClosed,
        onBytes(buffer, start, end) {
          batches.push(ring?.batch);
          listener.onBytes(buffer, start, end);
        },
      };
      for (let bytes = 1; bytes < 5; bytes++) {
        await untilBytes(bytes);
        peer.write('x');
      }
      await untilBytes(5);
      await turn();
      expect(ring?.batch).toBe(0);
      expect(new Set(batches).size).toBe(4);
      expect(batches).not.toContain(0);
      connection.destroy();
      peer.destroy();
    });

    it('are read after more batches than a word of the kernel can count', async () => {
      // Each batch takes a number, as each connection does: a busy worker is there within days.
      Object.assign(ring as ReadRing, { generations: 2 ** 32 - 2 });
      for (let opened = 0; opened < 3; opened++) {
        const { peer, connection, ended, untilBytes } = await openPair(ring);
        peer.write('x');
        await untilBytes(2);
        connection.destroy();
        expect(await ended).toEqual({ kind: 'local' });
        peer.destroy();
      }
    });

    it('stay in order when they stop and go on inside of a read', async () => {
      const { peer, connection, received, untilBytes } = await openPair(ring);
      const { listener } = connection;
      let stops = 0;
      connection.listener = {
        onClosed: listener.onClosed,
        onBytes(buffer, start, end) {
          listener.onBytes(buffer, start, end);
          if (stops++ >= 5) return;
          connection.pauseReading();
          setImmediate(() => connection.resumeReading());
        },
      };
      const sent = Buffer.from(Array.from({ length: 50_000 }, (_, at) => at % 256));
      peer.write(sent);
      await untilBytes(50_001);
      const hash = createHash('sha1').update('!').update(sent).digest('hex');
      expect(received.hash.digest('hex')).toBe(hash);
      connection.destroy();
      peer.destroy();
    });

    it('are read by Node when the kernel refuses the ring, without losing a byte', async () => {
      const calls = bindRingCalls();
      if (!calls.ok) throw new Error(calls.problem);
      let isBroken = false;
      const enter: RingCalls['enter'] = (...given) => (isBroken ? -1 : calls.value.enter(...given));
      const own = openRing({ ok: true, value: { ...calls.value, enter, lastError: () => 'EPERM' } });
      if (!own.ok) throw new Error(own.problem);
      const { peer, connection, received, untilBytes } = await openPair(own.value);
      peer.write('by the ring');
      await untilBytes(12);
      isBroken = true;
      peer.write(Buffer.alloc(30_000, 'z'));
      await untilBytes(30_012);
      expect(received.bytes).toBe(30_012);
      const late = await openPair(own.value);
      late.peer.write('by Node from the start');
      await late.untilBytes(23);
      for (const pair of [{ peer, connection }, late]) {
        pair.connection.destroy();
        pair.peer.destroy();
      }
    });

    it('write in order what a peer takes only later, and then that no more comes', async () => {
      const { peer, connection } = await openPair(ring);
      peer.pause();
      const sent = Array.from({ length: 200 }, (_, at) => Buffer.alloc(100_000, at));
      for (const bytes of sent) connection.write(bytes);
      connection.endWriting();
      connection.write(Buffer.from('never sent'));
      const read: Buffer[] = [];
      peer.on('data', (bytes: Buffer) => read.push(bytes));
      peer.resume();
      await once(peer, 'end');
      expect(Buffer.concat(read).equals(Buffer.concat(sent))).toBe(true);
      connection.destroy();
      peer.destroy();
    });

    it.each(['destroy', 'reset', 'pauseReading'] as const)(
      'may %s before they are connected, and their descriptor is free again',
      async (how) => {
        const before = countDescriptors();
        const { port } = server.address() as AddressInfo;
        accept = (socket) => socket.resume().end('bye');
        const connection = connectTo(port, ring);
        let bytes = 0;
        const ended = new Promise<ConnectionEnd>((resolve) => {
          connection.listener = {
            onClosed: resolve,
            onBytes(_, start, end) {
              bytes += end - start;
            },
          };
        });
        connection.write(Buffer.from('hello'));
        connection.start();
        connection[how]();
        if (how === 'pauseReading') connection.resumeReading();
        expect(await ended).toEqual({ kind: how === 'pauseReading' ? 'fin' : 'local' });
        expect(bytes).toBe(how === 'pauseReading' ? 3 : 0);
        expect(connection.isOpen).toBe(false);
        expect(connection.socketEnds).toBeUndefined();
        await expect.poll(countDescriptors).toBeLessThanOrEqual(before);
      },
    );

    it('say that nothing listens', async () => {
      const free = createServer().listen(0, '127.0.0.1');
      await once(free, 'listening');
      const { port } = free.address() as AddressInfo;
      free.close();
      await once(free, 'close');
      for (const by of [undefined, ring]) {
        const connection = connectTo(port, by);
        connection.write(Buffer.from('hello'));
        connection.start();
        const end = await new Promise((resolve) => {
          connection.listener = { onBytes() {}, onClosed: resolve };
        });
        expect(end).toEqual({ kind: 'error', code: 'ECONNREFUSED' });
      }
    });

    it('know both ends, as a socket of Node does', async () => {
      const { peer, connection } = await openPair(ring);
      const { port } = server.address() as AddressInfo;
      expect(connection.socketEnds).toBe(`127.0.0.1:${peer.remotePort}>127.0.0.1:${port}`);
      connection.pauseReading();
      expect(connection.socketEnds).toBe(`127.0.0.1:${peer.remotePort}>127.0.0.1:${port}`);
      connection.destroy();
      peer.destroy();
    });

    it.each([['destroy', 'close'] as const, ['close', 'destroy'] as const])(
      'may end, and close the ring, inside of a read (%s, %s)',
      async (...order) => {
        const before = countDescriptors();
        const own = openRing();
        if (!own.ok) throw new Error(own.problem);
        const { peer, connection, ended } = await openPair(own.value);
        connection.listener = {
          ...connection.listener,
          onBytes() {
            for (const act of order)
              if (act === 'close') own.value.close();
              else connection.destroy();
          },
        };
        peer.write('go');
        expect(await ended).toEqual({ kind: 'local' });
        peer.destroy();
        await expect.poll(countDescriptors).toBeLessThanOrEqual(before);
      },
    );

    it('hand out all that was read when one of them closes the ring', async () => {
      const own = openRing();
      if (!own.ok) throw new Error(own.problem);
      const pairs = [await openPair(own.value), await openPair(own.value)];
      for (const { peer, connection } of pairs) {
        const { listener } = connection;
        connection.listener = {
          onClosed: listener.onClosed,
          onBytes(...bytes) {
            own.value.close();
            listener.onBytes(...bytes);
          },
        };
        peer.write(Buffer.alloc(20_000, 'x'));
      }
      for (const { peer, connection, untilBytes } of pairs) {
        await untilBytes(20_001);
        connection.destroy();
        peer.destroy();
      }
    });

    it('know of a reset that came while they left the ring', async () => {
      const { peer, connection, received, ended } = await openPair(ring);
      const { listener } = connection;
      connection.listener = {
        onClosed: listener.onClosed,
        onBytes(...bytes) {
          listener.onBytes(...bytes);
          connection.pauseReading();
          setImmediate(() => connection.resumeReading());
        },
      };
      peer.write('last');
      resetNow(peer);
      expect(await ended).toEqual({ kind: 'reset', code: 'ECONNRESET' });
      expect(received.bytes).toBe(5);
    });

    it('end when a write fails, whatever the failure is, after what has arrived', async () => {
      let isFailing = false;
      const libc = bindSocketCalls() as SocketCalls;
      const { peer, connection, received, ended } = await openPair(ring, {
        send: (...given) => (isFailing ? -1 : libc.send(...given)),
        lastError: () => (isFailing ? 'ENOBUFS' : libc.lastError()),
      });
      peer.write('last');
      isFailing = true;
      connection.write(Buffer.from('lost'));
      expect(await ended).toEqual({ kind: 'error', code: 'ENOBUFS' });
      expect(received.bytes).toBe(5);
      peer.destroy();
    });

    it('hand on in order what was held and what is read meanwhile, and then tell of their end', async () => {
      const { peer, connection, ended } = await openPair(ring);
      const { listener } = connection;
      let [read, wasOpen] = ['', true];
      connection.listener = {
        onClosed: listener.onClosed,
        onBytes(buffer, start, end) {
          read += buffer.toString('latin1', start, end);
          wasOpen &&= connection.isOpen;
          if (read === 'held') ring?.read();
          if (read !== '1') return;
          read = '';
          // Read before the held bytes are handed on.
          peer.write('2');
          setImmediate(() => {
            peer.write('3');
            peer.end();
          });
          connection.hold(Buffer.from('held'));
        },
      };
      peer.write('1');
      expect(await ended).toEqual({ kind: 'fin' });
      expect([read, wasOpen]).toEqual(['held23', true]);
      peer.destroy();
    });

    it.each([undefined, ring])('are reset although they have just ended their writing', async (by) => {
      const before = countDescriptors();
      const { peer, connection, ended } = await openPair(by);
      connection.endWriting();
      connection.reset();
      expect(await ended).toEqual({ kind: 'local' });
      peer.destroy();
      await expect.poll(countDescriptors).toBeLessThanOrEqual(before);
    });

    it('see an end behind more than the kernel reads in a row', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'norn-ring-'));
      const path = join(folder, 'hub.sock');
      // A Unix socket holds so much before anybody reads.
      const sender = createServer((socket) => socket.end(Buffer.alloc(140_000)).destroySoon()).listen(path);
      await once(sender, 'listening');
      const fd = openUnixDescriptor(path) as number;
      const [socket] = (await once(sender, 'connection')) as [Socket];
      await once(socket, 'close');
      const calls = bindSocketCalls() as SocketCalls;
      const connection = new RingConnection({ fd, ring: ring as ReadRing, calls, readBuffer: READ_BUFFER });
      const end = await new Promise((resolve) => {
        connection.listener = { onBytes() {}, onClosed: resolve };
      });
      expect(end).toEqual({ kind: 'fin' });
      expect(connection.bytesRead).toBe(140_000);
      sender.close();
      rmSync(folder, { recursive: true });
    });
  },
);
