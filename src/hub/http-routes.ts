// The HTTP side of the hub: health, counters, and POST /broadcast for producers.
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { WEBSOCKET_PATH } from '../protocol/limits.ts';
import { parseBroadcastBody } from './broadcast-body.ts';
import { findOriginRefusal } from './upgrade.ts';

export const MAX_BROADCAST_BODY_BYTES = 8 * 1024 * 1024;

export interface RouteContext {
  readonly allowedOrigins: readonly string[];
  readonly broadcastToken: string | undefined;
  readonly isStopping: () => boolean;
  readonly publish: (frames: readonly Buffer[]) => Promise<void>;
  readonly stats: () => object;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

interface Answer {
  readonly status: number;
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers one request; never rejects. */
export async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  context: RouteContext,
): Promise<void> {
  request.on('error', () => {});
  let answer: Answer;
  try {
    answer = await route(request, context);
  } catch (error) {
    answer = problem(500, (error as Error).message);
  }
  if (response.destroyed) return;
  const isText = typeof answer.body === 'string';
  const body = isText ? (answer.body as string) : `${JSON.stringify(answer.body)}\n`;
  response.writeHead(answer.status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': Buffer.byteLength(body),
    // A body that was not read to its end leaves the connection unusable.
    ...(request.complete ? {} : { connection: 'close' }),
    ...answer.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function route(request: IncomingMessage, context: RouteContext): Promise<Answer> {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const method = request.method ?? '';
  switch (path) {
    case '/healthz':
      return isRead(method) ? health(context) : notAllowed('GET');
    case '/stats':
      return isRead(method) ? { status: 200, body: context.stats() } : notAllowed('GET');
    case '/metrics':
      return isRead(method) ? metrics(context) : notAllowed('GET');
    case '/broadcast':
      return method === 'POST' ? broadcast(request, context) : notAllowed('POST');
    case WEBSOCKET_PATH:
      return method === 'GET'
        ? {
            ...problem(426, 'this is a WebSocket'),
            headers: { upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-version': '13' },
          }
        : notAllowed('GET');
    default:
      return problem(
        404,
        `nothing at ${path}; there are ${WEBSOCKET_PATH}, /broadcast, /healthz, /stats and /metrics`,
      );
  }
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function health({ isStopping }: RouteContext): Answer {
  return isStopping() ? { status: 503, body: 'stopping\n' } : { status: 200, body: 'ok\n' };
}

async function metrics(context: RouteContext): Promise<Answer> {
  const { contentType, text } = await context.metrics();
  return { status: 200, body: text, headers: { 'content-type': contentType } };
}

async function broadcast(request: IncomingMessage, context: RouteContext): Promise<Answer> {
  const refusal = findOriginRefusal(request, context.allowedOrigins);
  if (refusal) return problem(403, refusal.reason);
  if (!isAuthorized(request, context.broadcastToken)) {
    return {
      ...problem(401, 'needs "Authorization: Bearer" with the broadcast token'),
      headers: { 'www-authenticate': 'Bearer' },
    };
  }
  const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  const format = ({ 'application/json': 'json', 'application/x-ndjson': 'ndjson' } as const)[
    contentType ?? ''
  ];
  if (!format)
    return problem(
      415,
      `content type ${JSON.stringify(contentType)}; send application/json or application/x-ndjson`,
    );
  const body = await readBody(request);
  if (body === 'too large') return problem(413, `the body is over ${MAX_BROADCAST_BODY_BYTES} bytes`);
  if (body === 'aborted') return problem(400, 'the request ended before its body did');
  if (context.isStopping()) return problem(503, 'the hub is stopping');
  const parsed = parseBroadcastBody(body, format);
  if (!parsed.ok) return problem(400, parsed.problem);
  await context.publish(parsed.frames);
  return { status: 202, body: { accepted: parsed.frames.length } };
}

function isAuthorized(request: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined) return true;
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function readBody(request: IncomingMessage): Promise<Buffer | 'too large' | 'aborted'> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BROADCAST_BODY_BYTES) return 'too large';
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > MAX_BROADCAST_BODY_BYTES) return 'too large';
      pieces.push(piece);
    }
  } catch {
    return 'aborted';
  }
  return Buffer.concat(pieces);
}

function problem(status: number, error: string): Answer {
  return { status, body: { error } };
}

function notAllowed(allow: string): Answer {
  return { ...problem(405, `only ${allow} here`), headers: { allow } };
}
