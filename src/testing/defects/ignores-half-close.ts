// B18, no read pump: nobody notices that a client ended its side. Its descriptor stays open until a write fails.
import type { Defect } from '../defect.ts';

export const ignoresHalfClose: Defect = {
  id: 'ignores-half-close',
  bugClass: 'B18',
  summary: 'a client that ends its side without a Close is kept',
  severity: 'high',
  namedBy: { 'lifecycle.half-close-ends': 'fail' },
  change: () => ({ onHalfClose() {} }),
};
