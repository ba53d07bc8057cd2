// POST /broadcast: authorization, formats, and the answer: 202 once every event has a place in the broadcast queue, so
// that a full queue slows the answer and never loses an event.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../time/clock.ts';
import { parseBroadcastBody } from './broadcast-body.ts';
import { type Answer, problem } from './http-answer.ts';
import { discardBody, MAX_BODY_BYTES, readBody } from './request-body.ts';
import { findOriginRefusal } from './upgrade/upgrade.ts';

/** Bodies being read or waiting for a place, all together; beyond it a producer receives 503 with Retry-After. */
const MAX_HELD_BYTES = 256 * 1024 * 1024;
const FORMATS: Readonly<Record<string, 'json' | 'ndjson'>> = {
  'application/json': 'json',
  'application/x-ndjson': 'ndjson',
};

export interface BroadcastContext {
  readonly clock: Clock;
  readonly allowedOrigins: readonly string[];
  readonly broadcastToken: string | undefined;
  readonly isStopping: () => boolean;
  readonly publish: (frames: readonly Buffer[]) => Promise<void>;
  readonly onRefusedOrigin: () => void;
  /** Bytes of all bodies in hand; shared by the requests of one hub. */
  readonly held: { bytes: number };
}

export async function routeBroadcast(request: IncomingMessage, context: BroadcastContext): Promise<Answer> {
  const refusal = findRefusal(request, context);
  if (refusal) {
    await discardBody(request, context.clock);
    return refusal;
  }
  const { clock, held } = context;
  const body = await readBody(request, clock, (bytes) => {
    held.bytes += bytes;
    return held.bytes <= MAX_HELD_BYTES;
  });
  try {
    return body.ok ? await broadcast(body.bytes, formatOf(request) ?? 'json', context) : body.answer;
  } finally {
    held.bytes -= body.heldBytes;
  }
}

function findRefusal(request: IncomingMessage, context: BroadcastContext): Answer | undefined {
  if (context.isStopping()) return problem(503, 'the hub is stopping');
  const refusal = findOriginRefusal(request, context.allowedOrigins);
  if (refusal) {
    context.onRefusedOrigin();
    return problem(refusal.status, refusal.reason);
  }
  if (!isAuthorized(request, context.broadcastToken)) {
    const headers = { 'WWW-Authenticate': 'Bearer' };
    return problem(401, 'needs "Authorization: Bearer" with the broadcast token', headers);
  }
  if (!formatOf(request)) {
    const given = request.headers['content-type'] ?? 'none';
    return problem(415, `content type ${given}; send application/json or application/x-ndjson`);
  }
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') return problem(415, `content encoding ${encoding}; send the body as it is`);
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
    return problem(413, `the body is over ${MAX_BODY_BYTES} bytes`);
  }
  return undefined;
}

async function broadcast(
  body: Buffer,
  format: 'json' | 'ndjson',
  context: BroadcastContext,
): Promise<Answer> {
  const parsed = await parseBroadcastBody(body, format);
  if (!parsed.ok) return problem(400, parsed.problem);
  if (context.isStopping()) return problem(503, 'the hub is stopping');
  await context.publish(parsed.frames);
  return { status: 202, body: { accepted: parsed.frames.length } };
}

function formatOf(request: IncomingMessage): 'json' | 'ndjson' | undefined {
  const contentType = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return Object.hasOwn(FORMATS, contentType) ? FORMATS[contentType] : undefined;
}

/** Compares digests, so that neither content nor length of the token shows in the time it takes. */
function isAuthorized(request: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined) return true;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`));
}
