// B30, subtle: UTF-8 is taken for Latin-1 and encoded again. ASCII events are right.
import type { Defect } from '../defect.ts';

export const mojibake: Defect = {
  id: 'mojibake',
  bugClass: 'B30',
  summary: 'letters beyond ASCII arrive garbled',
  severity: 'medium',
  namedBy: { 'envelope.unicode': 'fail', 'envelope.generated': 'fail' },
  change: (_hub, correct) => ({
    encode: (text) => correct.encode(Buffer.from(text, 'utf8').toString('latin1')),
  }),
};
