// B30: texts right inside a payload that look like a truth or nothing become one, as in configuration files.
import type { Defect } from '../defect.ts';

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
    encode(text) {
      const { payload, ...rest } = JSON.parse(text);
      const read = Object.fromEntries(
        Object.entries(payload).map(([name, value]) => [name, MEANINGS.get(value) ?? value]),
      );
      return correct.encode(JSON.stringify({ ...rest, payload: read }));
    },
  }),
};
