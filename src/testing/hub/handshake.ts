// The opening handshake: which requests are refused and how, the accept key, and the client after 101.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WEBSOCKET_PATH } from '../../protocol/limits.ts';
import { createFrameReader } from './frame-reader.ts';
import type { HookableHub } from './hookable-hub.ts';
import { createHubClient, type HubClient } from './hub-client.ts';
import type { Refusal } from './hub-hooks.ts';

const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export function computeAcceptKey(key: string): string {
  return createHash('sha1')
    .update(key + ACCEPT_GUID)
    .digest('base64');
}

export function refuseBadHandshake(request: IncomingMessage): Refusal | undefined {
  const path = (request.url ?? '').replace(/\?.*$/, '');
  if (path !== WEBSOCKET_PATH) return { status: 404, body: `no WebSocket at ${path}` };
  if (request.method !== 'GET')
    return { status: 405, body: 'a WebSocket opens with GET', headers: [['Allow', 'GET']] };
  if (!hasToken(request.headers.connection, 'upgrade'))
    return { status: 400, body: 'Connection is not upgrade' };
  if (!hasToken(request.headers.upgrade, 'websocket'))
    return { status: 400, body: 'Upgrade is not websocket' };
  if (request.headers['sec-websocket-version'] !== '13')
    return { status: 400, body: 'only version 13', headers: [['Sec-WebSocket-Version', '13']] };
  const key = request.headers['sec-websocket-key'] ?? '';
  if (Buffer.from(key, 'base64').length !== 16) return { status: 400, body: 'no key of 16 bytes' };
  return undefined;
}

function hasToken(value: string | undefined, token: string): boolean {
  return (value ?? '').split(',').some((part) => part.trim().toLowerCase() === token);
}

export function originHeaders(request: IncomingMessage): readonly string[] {
  return request.headersDistinct.origin ?? [];
}

/** A correct upgrade: validate, refuse or admit, then read. */
export function handleUpgrade(
  hub: HookableHub,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const refusal =
    hub.isStopping && !hub.hooks.listensAfterStop
      ? { status: 503, body: 'stopping' }
      : (hub.hooks.refuseHandshake(request) ?? refuseOrigin(hub, request));
  if (refusal !== undefined) {
    writeRefusal(socket, refusal);
    return;
  }
  const client = openClient(hub, request, socket);
  hub.hooks.admit(client, () => writeSwitching(hub, request, socket), request);
  startReading(hub, client, head);
}

function refuseOrigin(hub: HookableHub, request: IncomingMessage): Refusal | undefined {
  const values = originHeaders(request);
  if (hub.hooks.isOriginAllowed(values, request)) return undefined;
  return { status: 403, body: `origin ${JSON.stringify(values.join(', '))} is not allowed` };
}

function writeRefusal(socket: Duplex, refusal: Refusal): void {
  socket.on('error', () => {});
  const headers = [['Content-Type', 'text/plain; charset=utf-8'], ...(refusal.headers ?? [])];
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(
    `HTTP/1.1 ${refusal.status} Refused\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(refusal.body)}\r\n${lines}\r\n${refusal.body}`,
  );
}

export function writeSwitching(hub: HookableHub, request: IncomingMessage, socket: Duplex): void {
  const lines = hub.hooks.extraResponseHeaders(request).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${hub.hooks.acceptKey(request.headers['sec-websocket-key'] ?? '')}\r\n${lines.join('')}\r\n`,
  );
}

let clientsEver = 0;

export function openClient(hub: HookableHub, request: IncomingMessage, socket: Duplex): HubClient {
  clientsEver += 1;
  const client = createHubClient(clientsEver, socket, request.socket.remoteAddress ?? '');
  request.socket.setNoDelay(true);
  hub.connections.add(client);
  let failure: Error | undefined;
  socket.on('error', (error) => {
    failure = error;
  });
  socket.once('close', () => {
    client.phase = 'gone';
    for (const timer of client.timers) timer.cancel();
    client.timers.clear();
    client.queue.length = 0;
    hub.connections.delete(client);
    hub.hooks.onGone(client, failure);
  });
  scheduleKeepAlive(hub, client);
  return client;
}

function scheduleKeepAlive(hub: HookableHub, client: HubClient): void {
  const { pingIntervalMillis } = hub.options;
  if (pingIntervalMillis === 0) return;
  hub.after(client, pingIntervalMillis, () => {
    hub.hooks.keepAlive(client);
    scheduleKeepAlive(hub, client);
  });
}

export function startReading(hub: HookableHub, client: HubClient, head: Buffer): void {
  const reader = createFrameReader(hub.hooks.rulesOf(client), {
    onMessage: (opcode, payload) => hub.hooks.onMessage(client, opcode, payload),
    onPing: (payload) => hub.hooks.onPing(client, payload, reader.isInsideMessage),
    onPong: () => hub.hooks.onPong(client),
    onClose(code) {
      reader.stop();
      hub.hooks.onClose(client, code, reader.isInsideMessage);
    },
    onViolation: (closeCode, reason) => hub.hooks.onViolation(client, closeCode, reason),
  });
  client.socket.on('data', (chunk: Buffer) => reader.push(chunk));
  client.socket.on('end', () => hub.hooks.onHalfClose(client, reader.isInsideMessage));
  if (head.length > 0) reader.push(head);
  client.socket.resume();
}
