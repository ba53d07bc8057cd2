// Decides whether a request may become a WebSocket, before anything is created for it (protocol, "Connection" and
// "Origin Checking"; RFC 6455 section 4.2).
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WEBSOCKET_PATH } from '../protocol/limits.ts';
import { judgeOrigin } from '../protocol/origin-rule.ts';

export interface Refusal {
  readonly status: number;
  readonly reason: string;
  /** What the metrics count it as. */
  readonly cause: 'origin' | 'path' | 'stopping';
}

/** Why the request is refused, or undefined when it may go on to the WebSocket handshake. */
export function findRefusal(
  request: IncomingMessage,
  allowedOrigins: readonly string[],
  isStopping: boolean,
): Refusal | undefined {
  if (isStopping) return { status: 503, reason: 'the hub is stopping', cause: 'stopping' };
  const path = (request.url ?? '').split('?')[0];
  if (path !== WEBSOCKET_PATH) {
    return { status: 404, reason: `no WebSocket at ${path}; it is at ${WEBSOCKET_PATH}`, cause: 'path' };
  }
  return findOriginRefusal(request, allowedOrigins);
}

/** The origin rule on a request's own header lines: two Origin headers are refused, whatever they say. */
export function findOriginRefusal(
  request: IncomingMessage,
  allowedOrigins: readonly string[],
): Refusal | undefined {
  const origins = originLines(request.rawHeaders);
  if (origins.length > 1) return { status: 403, reason: 'more than one Origin header', cause: 'origin' };
  const verdict = judgeOrigin(origins[0], allowedOrigins);
  return verdict.isAllowed ? undefined : { status: 403, reason: verdict.reason, cause: 'origin' };
}

/** Header bytes beyond ASCII arrive as latin1; the rule compares them as UTF-8. */
function originLines(rawHeaders: readonly string[]): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() === 'origin')
      values.push(Buffer.from(rawHeaders[i + 1] ?? '', 'latin1').toString('utf8'));
  }
  return values;
}

/** Answers an upgrade request with a plain HTTP response and ends the connection. */
export function refuseUpgrade(socket: Duplex, { status, reason }: Refusal): void {
  const body = `${reason}\n`;
  const phrase = { 403: 'Forbidden', 404: 'Not Found', 503: 'Service Unavailable' }[status] ?? 'Bad Request';
  socket.on('error', () => {});
  socket.end(
    [
      `HTTP/1.1 ${status} ${phrase}`,
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
    () => socket.destroy(),
  );
}
