// B30, subtle: types are folded to small letters, which nobody notices with the documented ones.
import type { Defect } from '../defect.ts';

export const typesInSmallLetters: Defect = {
  id: 'types-in-small-letters',
  bugClass: 'B30',
  summary: 'an event of a type with capital letters arrives under another name',
  severity: 'medium',
  namedBy: { 'envelope.unknown-types': 'fail' },
  change: (_hub, correct) => ({
    encode: (text) => correct.encode(text.replace(/"type":"[^"]*"/, (field) => field.toLowerCase())),
  }),
};
