// The sending side of the receive and connect benches, a process of its own: writes a given number of events to every
// client of a group in one call, and goes on when the group's control connection says that all have been read. The
// receiver is stopped while the events are written: else a receiver that keeps up is woken for every one or two
// sockets, and what is measured is how fast the sender is.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { stampEvent } from '../../protocol/content-check.ts';
import { deflateWith } from '../../testing/explored/deflate-with-window.ts';
import { createTestCertificates, readPair } from '../../testing/tls/test-certificates.ts';
import { systemClock } from '../../time/clock.ts';
import { COMPRESSED_BIT } from '../../wire/deflate.ts';
import { OPCODE } from '../../wire/frame-header.ts';
import { encodeFrame, encodeServerText } from '../../wire/frame-writer.ts';
import { SERVER_ADDRESSES } from '../bench-clients.ts';
import { obeyOrders } from '../subject-process.ts';

export interface FloodOrder {
  readonly group: string;
  readonly ticks: number;
  readonly framesPerTick: number;
  /** The process that receives. */
  readonly pid: number;
}

/** Ends the connections of a group with a reset, so that no port waits. */
export interface ResetOrder {
  readonly reset: string;
}

interface Group {
  readonly clients: Socket[];
  sequence: number;
  /** Of the texts that the clients of the group have had, where messages refer to those before them. */
  window: Buffer | undefined;
  acknowledge: () => void;
}

const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const groups = new Map<string, Group>();

function groupOf(name: string): Group {
  const group = groups.get(name) ?? {
    clients: [],
    sequence: 0,
    window: undefined,
    acknowledge: () => {},
  };
  groups.set(name, group);
  return group;
}

/** By the end of a group's name: what its clients get is compressed, for all alike or with a context that lasts. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  deflate: 'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
  takeover: 'permessage-deflate',
};

const extensionsOf = (name: string): string | undefined => EXTENSIONS[name.split('-').at(-1) ?? ''];

/** `GET /name` joins a group as a WebSocket client; `ACK name` is its control connection, one byte for each tick read. */
function onHead(socket: Socket, head: string): void {
  const [verb, path = ''] = head.split(/\s/);
  const name = path.replace('/', '');
  const group = groupOf(name);
  if (verb === 'ACK') {
    socket.on('data', () => group.acknowledge());
    return;
  }
  const key = /sec-websocket-key: *(\S+)/i.exec(head)?.[1] ?? '';
  const accept = createHash('sha1')
    .update(key + ACCEPT_GUID)
    .digest('base64');
  const extensions = extensionsOf(name);
  const extra = extensions === undefined ? '' : `Sec-WebSocket-Extensions: ${extensions}\r\n`;
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${extra}\r\n`,
  );
  socket.on('data', () => {});
  group.clients.push(socket);
}

function eventText(sequence: number): Buffer {
  const payload = {
    step: 'build',
    sagaId: `saga-${sequence >> 1}`,
    status: sequence % 2 ? 'complete' : 'running',
  };
  const probe = { runId: 'bench', sequence, dueMicros: systemClock.nowMicros() };
  return Buffer.from(stampEvent({ type: 'deploy.step', appId: 'myapp', payload }, probe));
}

/** All clients of a group join before its first event, so that one compressor serves them. */
function encodeFor(name: string, group: Group, text: Buffer): Buffer {
  if (extensionsOf(name) === undefined) return encodeServerText(text);
  const { compressed, window } = deflateWith(text, group.window);
  if (extensionsOf(name) === EXTENSIONS.takeover) group.window = window;
  return encodeFrame({ opcode: OPCODE.text, reservedBits: COMPRESSED_BIT, payload: compressed });
}

async function flood({ group: name, ticks, framesPerTick, pid }: FloodOrder): Promise<void> {
  const group = groupOf(name);
  for (let tick = 0; tick < ticks; tick++) {
    const frames = Array.from({ length: framesPerTick }, () =>
      encodeFor(name, group, eventText(group.sequence++)),
    );
    const bytes = Buffer.concat(frames);
    const acknowledged = new Promise<void>((resolve) => {
      group.acknowledge = resolve;
    });
    process.kill(pid, 'SIGSTOP');
    for (const client of group.clients) client.write(bytes);
    process.kill(pid, 'SIGCONT');
    await acknowledged;
  }
}

function reset(name: string): void {
  for (const client of groupOf(name).clients) client.resetAndDestroy();
  groups.delete(name);
}

function serve(socket: Socket): void {
  socket.once('data', (head: Buffer) => onHead(socket, head.toString('latin1')));
  socket.on('error', () => socket.destroy());
}

async function listen(on: Server, port: number, host: string): Promise<number> {
  on.listen(port, host, 4_096);
  await once(on, 'listening');
  return (on.address() as AddressInfo).port;
}

const certificates = createTestCertificates();
const tlsServer = createTlsServer({ ...readPair(certificates.server), noDelay: true }, serve);
certificates.remove();
const tlsPort = await listen(tlsServer, 0, '127.0.0.1');
const port = await listen(createServer({ noDelay: true }, serve), 0, '127.0.0.1');
for (let at = 2; at <= SERVER_ADDRESSES; at++)
  await listen(createServer({ noDelay: true }, serve), port, `127.0.0.${at}`);
obeyOrders<FloodOrder | ResetOrder>(async (order) => {
  if ('reset' in order) reset(order.reset);
  else await flood(order);
  return { done: true };
});
process.send?.({ port, tlsPort });
