// Robustness, subtle: the rules for control frames are asked for pings only.
import type { Defect } from '../defect.ts';

export const badPongAccepted: Defect = {
  id: 'bad-pong-accepted',
  bugClass: 'RFC',
  summary: 'fragmented and oversized pongs are accepted',
  severity: 'medium',
  namedBy: { 'robustness.bad-control-refused': 'fail' },
  change: (_hub, correct) => ({
    readerRules: { ...correct.readerRules, overlooks: ({ opcode, isMasked }) => opcode === 10 && isMasked },
  }),
};
