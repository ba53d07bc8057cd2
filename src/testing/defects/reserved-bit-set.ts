// Robustness: the server sets RSV1 although no extension was negotiated (RFC 6455 section 5.2).
import type { Defect } from '../defect.ts';
import { encodeFrame, OPCODE } from '../hub/frames.ts';

export const reservedBitSet: Defect = {
  id: 'reserved-bit-set',
  bugClass: 'RFC',
  summary: 'frames from the hub carry a reserved bit',
  severity: 'medium',
  namedBy: { 'envelope.legal-frames': 'fail' },
  change: () => ({ encode: (text) => encodeFrame(OPCODE.text, Buffer.from(text), 0xc1) }),
};
