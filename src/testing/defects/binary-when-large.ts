// B31, subtle: only events over 4 KiB are sent as binary.
import type { Defect } from '../defect.ts';
import { encodeFrame, OPCODE } from '../hub/frames.ts';

export const binaryWhenLarge: Defect = {
  id: 'binary-when-large',
  bugClass: 'B31',
  summary: 'events over 4 KiB are sent as binary messages',
  severity: 'medium',
  namedBy: { 'envelope.text-messages': 'fail' },
  change: () => ({
    encode: (text) => encodeFrame(text.length > 4_096 ? OPCODE.binary : OPCODE.text, Buffer.from(text)),
  }),
};
