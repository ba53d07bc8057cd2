// RFC 7692, subtle: each event is compressed once, for everybody, as soon as one client has agreed to it.
import type { Defect } from '../defect.ts';
import { compress, offersDeflate } from '../hub/compression.ts';
import { encodeFrame } from '../hub/frames.ts';

export const compressedForAll: Defect = {
  id: 'compressed-for-all',
  bugClass: 'RFC',
  summary: 'while a client with compression is connected, clients without get compressed events, too',
  severity: 'high',
  namedBy: { 'envelope.compressed-readable': 'fail' },
  change: (hub, correct) => {
    const agreed = new Set<number>();
    return {
      extraResponseHeaders: (request) =>
        offersDeflate(request)
          ? [['Sec-WebSocket-Extensions', 'permessage-deflate; server_no_context_takeover']]
          : [],
      admit(client, writeResponse, request) {
        if (offersDeflate(request)) agreed.add(client.id);
        correct.admit(client, writeResponse, request);
      },
      encode(text) {
        const isCompressed = [...hub.clients].some(({ id }) => agreed.has(id));
        return isCompressed ? encodeFrame(1, compress(text), 0xc1) : correct.encode(text);
      },
    };
  },
};
