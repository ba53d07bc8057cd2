// permessage-deflate (RFC 7692), as far as known-bad hubs need it to get it wrong.
import type { IncomingMessage } from 'node:http';
import { constants, deflateRawSync } from 'node:zlib';
import type { HubClient } from './hub-client.ts';
import type { HubHooks } from './hub-hooks.ts';

/** The hooks of a hub that answers every offer of compression with `answer`, and the clients it agreed with. */
export function agreeToDeflate(correct: HubHooks, answer: string) {
  const agreed = new WeakSet<HubClient>();
  const hooks: Pick<HubHooks, 'extraResponseHeaders' | 'admit'> = {
    extraResponseHeaders: (request) => (offersDeflate(request) ? [['Sec-WebSocket-Extensions', answer]] : []),
    admit(client, writeResponse, request) {
      if (offersDeflate(request)) agreed.add(client);
      correct.admit(client, writeResponse, request);
    },
  };
  return { agreed, hooks };
}

function offersDeflate(request: IncomingMessage): boolean {
  return /permessage-deflate/i.test(request.headers['sec-websocket-extensions'] ?? '');
}

/** One message with a context of its own, without the four bytes that every message would end with (7.2.1). */
export function compress(text: string): Buffer {
  return deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
}

/** The same frame, marked as compressed (RSV1). */
export function withCompressedBit(frame: Buffer): Buffer {
  const marked = Buffer.from(frame);
  marked[0] = (frame[0] as number) | 0x40;
  return marked;
}
