// permessage-deflate (RFC 7692), as far as known-bad hubs need it to get it wrong.
import type { IncomingMessage } from 'node:http';
import { constants, deflateRawSync } from 'node:zlib';
import { createInflater } from '../../wire/deflate.ts';
import type { HubClient } from './hub-client.ts';
import type { HubHooks } from './hub-hooks.ts';

/**
 * The hooks of a hub that answers every offer of compression that it can meet with `answer`, and the clients it agreed with.
 * What clients send compressed is limited as what they send plain, or to `mostInflatedBytes`.
 */
export function agreeToDeflate(correct: HubHooks, answer: string, mostInflatedBytes?: number) {
  const agreed = new WeakSet<HubClient>();
  const hooks: Pick<HubHooks, 'extraResponseHeaders' | 'admit' | 'rulesOf'> = {
    rulesOf(client) {
      const rules = correct.rulesOf(client);
      if (!agreed.has(client)) return rules;
      // Clients may keep their context (RFC 7692 7.1.1.2).
      const inflater = createInflater('permessage-deflate');
      const mostBytes = mostInflatedBytes ?? rules.maxMessageBytes;
      return { ...rules, inflate: (compressed) => inflater.inflate(compressed, mostBytes) };
    },
    extraResponseHeaders: (request) =>
      canMeet(request, answer) ? [['Sec-WebSocket-Extensions', answer]] : [],
    admit(client, writeResponse, request) {
      if (canMeet(request, answer)) agreed.add(client);
      correct.admit(client, writeResponse, request);
    },
  };
  return { agreed, hooks };
}

/** A demand on the server that the answer does not meet is declined (RFC 7692 7.1). */
function canMeet(request: IncomingMessage, answer: string): boolean {
  const offer = request.headers['sec-websocket-extensions'] ?? '';
  const demands = offer.match(/server_\w+/gi) ?? [];
  return /permessage-deflate/i.test(offer) && demands.every((demand) => answer.includes(demand));
}

/** One message with a context of its own, without the four bytes that every message would end with (7.2.1). */
export function compress(text: string | Buffer): Buffer {
  return deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
}

/** The same frame, marked as compressed (RSV1). */
export function withCompressedBit(frame: Buffer): Buffer {
  const marked = Buffer.from(frame);
  marked[0] = (frame[0] as number) | 0x40;
  return marked;
}
