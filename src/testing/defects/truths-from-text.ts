// B30: texts right inside a payload that look like a truth or nothing become one, as in configuration files.
import type { Defect } from '../defect.ts';
import { changePayloadFields } from '../hub/payload-fields.ts';

const MEANINGS = new Map<unknown, unknown>([
  ['true', true],
  ['false', false],
]);

export const truthsFromText: Defect = {
  id: 'truths-from-text',
  bugClass: 'B30',
  summary: 'a text that says true or false arrives as a truth value',
  severity: 'medium',
  namedBy: { 'envelope.identifiers': 'fail' },
  change: (_hub, correct) => ({
    encode: (text) => correct.encode(changePayloadFields(text, (value) => MEANINGS.get(value) ?? value)),
  }),
};
