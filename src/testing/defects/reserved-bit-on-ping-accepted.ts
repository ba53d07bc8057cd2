// Robustness, subtle: reserved bits are looked at in data frames only.
import type { Defect } from '../defect.ts';

export const reservedBitOnPingAccepted: Defect = {
  id: 'reserved-bit-on-ping-accepted',
  bugClass: 'RFC',
  summary: 'a control frame may have reserved bits',
  severity: 'medium',
  namedBy: { 'robustness.reserved-bits-refused': 'fail' },
  change: (_hub, correct) => ({
    readerRules: {
      ...correct.readerRules,
      overlooks: ({ opcode, reservedBits }) => opcode >= 8 && reservedBits !== 0,
    },
  }),
};
