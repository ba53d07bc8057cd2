// B31: messages are sent as binary. A browser hands the page a Blob.
import type { Defect } from '../defect.ts';
import { encodeFrame, OPCODE } from '../hub/frames.ts';

export const binaryOpcode: Defect = {
  id: 'binary-opcode',
  bugClass: 'B31',
  summary: 'events are sent as binary messages',
  severity: 'medium',
  namedBy: { 'envelope.text-messages': 'fail' },
  change: () => ({ encode: (text) => encodeFrame(OPCODE.binary, Buffer.from(text)) }),
};
