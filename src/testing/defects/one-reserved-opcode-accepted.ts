// Robustness, subtle: the list of opcodes that are not known lacks one.
import type { Defect } from '../defect.ts';

export const oneReservedOpcodeAccepted: Defect = {
  id: 'one-reserved-opcode-accepted',
  bugClass: 'RFC',
  summary: 'opcode 5 is taken for data',
  severity: 'medium',
  namedBy: { 'robustness.reserved-opcodes-refused': 'fail' },
  change: (_hub, correct) => ({
    readerRules: { ...correct.readerRules, overlooks: ({ opcode }) => opcode === 5 },
  }),
};
