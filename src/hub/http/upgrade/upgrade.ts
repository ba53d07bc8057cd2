// Decides whether a request may become a WebSocket, before anything is created for it: a refused one only
// increments a counter (protocol, "Connection" and "Origin Checking"; RFC 6455 section 4.2).
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WEBSOCKET_PATH } from '../../../protocol/limits.ts';
import { judgeOrigin } from '../../../protocol/origin-rule.ts';
import type { Clock } from '../../../time/clock.ts';
import { headerValues, requestPath } from '../request-line.ts';
import { hasAcceptableOffer } from './compression-offer.ts';

export interface Refusal {
  readonly status: 400 | 403 | 404 | 405 | 426 | 503;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const PHRASES = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  426: 'Upgrade Required',
  503: 'Service Unavailable',
} as const;
/** How long a refused client may take to read the refusal. */
const REFUSAL_LINGER_MILLIS = 1_000;
/** Base64 of 16 bytes (RFC 6455 section 4.2.1 item 5). */
const KEY_PATTERN = /^[A-Za-z0-9+/]{22}==$/;
export const VERSION_HEADERS = { Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };

/** Why the request is refused, or undefined when it may become a WebSocket. */
export function findRefusal(
  request: IncomingMessage,
  allowedOrigins: readonly string[],
  isStopping: boolean,
): Refusal | undefined {
  if (isStopping) return { status: 503, reason: 'the hub is stopping' };
  const path = requestPath(request);
  if (path !== WEBSOCKET_PATH) {
    return { status: 404, reason: `no WebSocket at ${path}; it is at ${WEBSOCKET_PATH}` };
  }
  return findHandshakeRefusal(request) ?? findOriginRefusal(request, allowedOrigins);
}

function findHandshakeRefusal(request: IncomingMessage): Refusal | undefined {
  if (request.method !== 'GET') {
    return { status: 405, reason: 'a WebSocket is opened with GET', headers: { Allow: 'GET' } };
  }
  if (request.httpVersionMajor === 1 && request.httpVersionMinor < 1) {
    return { status: 400, reason: 'a WebSocket needs HTTP/1.1' };
  }
  if (headerValues(request, 'host').length !== 1) return { status: 400, reason: 'needs one Host header' };
  if ((request.headers.upgrade ?? '').toLowerCase() !== 'websocket') {
    return { status: 426, reason: 'the Upgrade header must say websocket', headers: VERSION_HEADERS };
  }
  if (request.headers['sec-websocket-version'] !== '13') {
    return { status: 426, reason: 'Sec-WebSocket-Version must be 13', headers: VERSION_HEADERS };
  }
  if (!KEY_PATTERN.test(request.headers['sec-websocket-key'] ?? '')) {
    return { status: 400, reason: 'Sec-WebSocket-Key must be the base64 of 16 bytes' };
  }
  return undefined;
}

/** The origin rule on a request's own header lines: two Origin headers are refused, whatever they say. */
export function findOriginRefusal(
  request: IncomingMessage,
  allowedOrigins: readonly string[],
): Refusal | undefined {
  const origins = headerValues(request, 'origin');
  if (origins.length > 1) return { status: 403, reason: 'more than one Origin header' };
  const verdict = judgeOrigin(origins[0], allowedOrigins);
  return verdict.isAllowed ? undefined : { status: 403, reason: verdict.reason };
}

/** Leaves of what the client offered only what the hub agrees to: ws refuses the handshake for offers that it does not like. */
export function settleOffer({ headers }: IncomingMessage): void {
  if (hasAcceptableOffer(headers['sec-websocket-extensions']))
    headers['sec-websocket-extensions'] = 'permessage-deflate';
  else delete headers['sec-websocket-extensions'];
}

/** Answers an upgrade request with a plain HTTP response and ends the connection. */
export function refuseUpgrade(socket: Duplex, { status, reason, headers }: Refusal, clock: Clock): void {
  const body = Buffer.from(`${reason}\n`);
  const head = [
    `HTTP/1.1 ${status} ${PHRASES[status]}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${body.length}`,
    'Connection: close',
    ...Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.on('error', () => {});
  // Unread bytes would turn the end into a reset, which can destroy the response on its way.
  socket.resume();
  socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
  const linger = clock.after(REFUSAL_LINGER_MILLIS, () => socket.destroy());
  socket.on('end', () => socket.destroy());
  socket.on('close', () => linger.cancel());
}
