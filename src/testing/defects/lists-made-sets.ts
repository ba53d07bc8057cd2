// B30, subtle: a list of names is kept as a set, so that what it says twice arrives once.
import type { Defect } from '../defect.ts';

const LIST_OF_TEXTS = /\["[^"\\]*"(?:,"[^"\\]*")*\]/g;

const withoutRepeats = (list: string): string =>
  JSON.stringify([...new Set(JSON.parse(list) as readonly string[])]);

export const listsMadeSets: Defect = {
  id: 'lists-made-sets',
  bugClass: 'B30',
  summary: 'a string that a list holds twice arrives once',
  severity: 'medium',
  namedBy: { 'envelope.nested-values': 'fail' },
  change: (_hub, correct) => ({
    encode: (text) => correct.encode(text.replace(LIST_OF_TEXTS, withoutRepeats)),
  }),
};
