// RFC 7692: the hub agrees to compression and says that its messages are compressed, and they are not.
import type { Defect } from '../defect.ts';
import { offersDeflate, withCompressedBit } from '../hub/compression.ts';
import type { HubClient } from '../hub/hub-client.ts';

export const compressedInNameOnly: Defect = {
  id: 'compressed-in-name-only',
  bugClass: 'RFC',
  summary: 'clients that offer compression, as browsers do, get events that they cannot inflate',
  severity: 'high',
  namedBy: { 'envelope.compressed-readable': 'fail' },
  change: (_hub, correct) => {
    const agreed = new WeakSet<HubClient>();
    return {
      extraResponseHeaders: (request) =>
        offersDeflate(request) ? [['Sec-WebSocket-Extensions', 'permessage-deflate']] : [],
      admit(client, writeResponse, request) {
        if (offersDeflate(request)) agreed.add(client);
        correct.admit(client, writeResponse, request);
      },
      writeFrame(client, frame, kind, done) {
        const isMarked = kind === 'message' && agreed.has(client);
        correct.writeFrame(client, isMarked ? withCompressedBit(frame) : frame, kind, done);
      },
    };
  },
};
