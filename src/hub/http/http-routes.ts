// The HTTP side of the hub: which path answers what. Bodies and their limits are in broadcast-route.ts.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { WEBSOCKET_PATH } from '../../protocol/limits.ts';
import { type BroadcastContext, routeBroadcast } from './broadcast-route.ts';
import { type Answer, notAllowed, problem } from './http-answer.ts';
import { requestPath } from './request-line.ts';
import { VERSION_HEADERS } from './upgrade/upgrade.ts';

export interface RouteContext extends BroadcastContext {
  readonly stats: () => object;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
  readonly onError: (error: Error) => void;
}

export const HUB_PATHS: ReadonlySet<string> = new Set([
  WEBSOCKET_PATH,
  '/broadcast',
  '/healthz',
  '/stats',
  '/metrics',
]);

/** Answers one request; never rejects. */
export async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  context: RouteContext,
): Promise<void> {
  request.on('error', () => {});
  response.on('error', () => {});
  let answer: Answer;
  try {
    answer = await route(request, context);
  } catch (error) {
    context.onError(error as Error);
    answer = problem(500, 'the hub failed on this request; its log says why');
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
  const path = requestPath(request);
  const method = request.method ?? '';
  const isRead = method === 'GET' || method === 'HEAD';
  switch (path) {
    case '/healthz':
      return isRead ? health(context) : notAllowed('GET, HEAD');
    case '/stats':
      return isRead ? { status: 200, body: context.stats() } : notAllowed('GET, HEAD');
    case '/metrics':
      return isRead ? metrics(context) : notAllowed('GET, HEAD');
    case '/broadcast':
      return method === 'POST' ? routeBroadcast(request, context) : notAllowed('POST');
    case WEBSOCKET_PATH:
      return method === 'GET'
        ? problem(426, 'this is a WebSocket: it needs Connection: Upgrade and Upgrade: websocket', {
            ...VERSION_HEADERS,
            Connection: 'Upgrade',
          })
        : notAllowed('GET');
    default:
      return problem(404, `nothing at ${path}; there are ${[...HUB_PATHS].join(', ')}`);
  }
}

function health({ isStopping }: RouteContext): Answer {
  return isStopping() ? { status: 503, body: 'stopping\n' } : { status: 200, body: 'ok\n' };
}

async function metrics(context: RouteContext): Promise<Answer> {
  const { contentType, text } = await context.metrics();
  return { status: 200, body: text, headers: { 'content-type': contentType } };
}
