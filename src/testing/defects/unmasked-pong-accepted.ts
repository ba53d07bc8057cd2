// Robustness, subtle: what is not read further, a Pong, need not be masked.
import type { Defect } from '../defect.ts';

export const unmaskedPongAccepted: Defect = {
  id: 'unmasked-pong-accepted',
  bugClass: 'RFC',
  summary: 'unmasked pongs from a client are accepted',
  severity: 'medium',
  namedBy: { 'robustness.unmasked-refused': 'fail' },
  change: (_hub, correct) => ({
    readerRules: { ...correct.readerRules, overlooks: ({ opcode, isMasked }) => opcode === 10 && !isMasked },
  }),
};
