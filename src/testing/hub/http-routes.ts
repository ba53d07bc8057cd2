// The HTTP side of the hookable hub: /healthz, /stats, POST /broadcast, and a plain answer on the WebSocket path.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { WEBSOCKET_PATH } from '../../protocol/limits.ts';
import { originHeaders } from './handshake.ts';
import type { HookableHub } from './hookable-hub.ts';

const MAX_BODY_BYTES = 8 * 1_048_576;

export async function handleRequest(
  hub: HookableHub,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '').replace(/\?.*$/, '');
  if (path === '/healthz') return answer(response, 200, { ok: true });
  if (path === '/stats') return answer(response, 200, hub.hooks.stats());
  if (path === WEBSOCKET_PATH) {
    if (request.method !== 'GET') return answer(response, 405, { error: 'a WebSocket opens with GET' });
    response.setHeader('Upgrade', 'websocket');
    return answer(response, 426, { error: 'this is a WebSocket' });
  }
  if (path !== '/broadcast') return answer(response, 404, { error: `nothing at ${path}` });
  if (request.method !== 'POST') return answer(response, 405, { error: 'broadcast with POST' });
  await handleBroadcast(hub, request, response);
}

async function handleBroadcast(
  hub: HookableHub,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!hub.hooks.isOriginAllowed(originHeaders(request), request))
    return answer(response, 403, { error: 'foreign origin' });
  const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim();
  if (contentType !== 'application/json' && contentType !== 'application/x-ndjson')
    return answer(response, 415, { error: 'application/json or application/x-ndjson' });
  const body = await readBody(request);
  if (body === undefined) return answer(response, 413, { error: `more than ${MAX_BODY_BYTES} bytes` });
  const texts = contentType === 'application/json' ? [body.trim()] : splitLines(body);
  for (const [index, text] of texts.entries()) {
    const problem = hub.hooks.refuseEvent(text);
    if (problem !== undefined) return answer(response, 400, { error: `line ${index + 1}: ${problem}` });
  }
  if (hub.isStopping && !hub.hooks.listensAfterStop) return answer(response, 503, { error: 'stopping' });
  const published = await hub.hooks.publish(texts, request);
  answer(response, published.status, published.body);
}

function splitLines(body: string): string[] {
  return body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

function answer(response: ServerResponse, status: number, body: Readonly<Record<string, unknown>>): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
