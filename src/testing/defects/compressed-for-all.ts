// RFC 7692, subtle: each event is compressed once, for everybody, as soon as one client has agreed to it.
import type { Defect } from '../defect.ts';
import { agreeToDeflate, compress } from '../hub/compression.ts';
import { encodeFrame } from '../hub/frames.ts';

export const compressedForAll: Defect = {
  id: 'compressed-for-all',
  bugClass: 'RFC',
  summary: 'while a client with compression is connected, clients without get compressed events, too',
  severity: 'high',
  namedBy: { 'envelope.compressed-readable': 'fail' },
  change: (hub, correct) => {
    const { agreed, hooks } = agreeToDeflate(correct, 'permessage-deflate; server_no_context_takeover');
    return {
      ...hooks,
      encode(text) {
        const isCompressed = [...hub.clients].some((client) => agreed.has(client));
        return isCompressed ? encodeFrame(1, compress(text), 0xc1) : correct.encode(text);
      },
    };
  },
};
