// B31: payloads are decoded into a map of strings to strings, and what was a number comes out as text.
import type { Defect } from '../defect.ts';

export const numbersAsText: Defect = {
  id: 'numbers-as-text',
  bugClass: 'B31',
  summary: 'numbers in a payload arrive as strings',
  severity: 'medium',
  namedBy: { 'envelope.numbers': 'fail' },
  change: (_hub, correct) => ({
    encode: (text) =>
      correct.encode(
        JSON.stringify(
          JSON.parse(text, (_key, value) => (typeof value === 'number' ? String(value) : value)),
        ),
      ),
  }),
};
