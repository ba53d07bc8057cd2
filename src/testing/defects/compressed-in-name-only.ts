// RFC 7692: the hub agrees to compression and says that its messages are compressed, and they are not.
import type { Defect } from '../defect.ts';
import { agreeToDeflate, withCompressedBit } from '../hub/compression.ts';

export const compressedInNameOnly: Defect = {
  id: 'compressed-in-name-only',
  bugClass: 'RFC',
  summary: 'clients that offer compression, as browsers do, get events that they cannot inflate',
  severity: 'high',
  namedBy: { 'envelope.compressed-readable': 'fail' },
  change: (_hub, correct) => {
    const { agreed, hooks } = agreeToDeflate(correct, 'permessage-deflate');
    return {
      ...hooks,
      writeFrame(client, frame, kind, done) {
        const isMarked = kind === 'message' && agreed.has(client);
        correct.writeFrame(client, isMarked ? withCompressedBit(frame) : frame, kind, done);
      },
    };
  },
};
