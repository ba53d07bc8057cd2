// Robustness, subtle: a new message inside a fragmented one is refused when it is a text.
import type { Defect } from '../defect.ts';

export const binaryInsideTextAccepted: Defect = {
  id: 'binary-inside-text-accepted',
  bugClass: 'RFC',
  summary: 'a binary message may come between the fragments of a text',
  severity: 'medium',
  namedBy: { 'robustness.bad-continuation-refused': 'fail' },
  change: (_hub, correct) => ({
    readerRules: {
      ...correct.readerRules,
      overlooks: ({ opcode, isMasked, reservedBits }) => opcode === 2 && isMasked && reservedBits === 0,
    },
  }),
};
