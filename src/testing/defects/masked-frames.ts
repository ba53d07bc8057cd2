// Robustness: the server masks its frames, which RFC 6455 section 5.1 forbids. Browsers close.
import type { Defect } from '../defect.ts';

export const maskedFrames: Defect = {
  id: 'masked-frames',
  bugClass: 'RFC',
  summary: 'frames from the hub are masked',
  severity: 'medium',
  namedBy: { 'envelope.legal-frames': 'fail' },
  change: (_hub, correct) => ({
    encode(text) {
      const frame = correct.encode(text);
      const headerBytes = frame.length - Buffer.byteLength(text);
      const header = Buffer.from(frame.subarray(0, headerBytes));
      header[1] = (header[1] ?? 0) | 0x80;
      return Buffer.concat([header, Buffer.alloc(4), frame.subarray(headerBytes)]);
    },
  }),
};
