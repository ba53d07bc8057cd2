// B30, subtle: the event passes through the decoding of a form, which leaves most texts as they are.
import type { Defect } from '../defect.ts';

const ESCAPED_BYTE = /%([2-7][0-9a-f])/gi;

export const percentDecoded: Defect = {
  id: 'percent-decoded',
  bugClass: 'B30',
  summary: 'a percent sign and two digits in a value are taken for an escaped character',
  severity: 'medium',
  namedBy: { 'envelope.escapes': 'fail' },
  change: (_hub, correct) => ({
    encode: (text) =>
      correct.encode(
        text.replace(ESCAPED_BYTE, (_whole, digits) =>
          JSON.stringify(String.fromCharCode(Number.parseInt(digits, 16))).slice(1, -1),
        ),
      ),
  }),
};
