// B32: the event is decoded into floating point and encoded again, so that 9007199254740993 arrives as ...992.
import type { Defect } from '../defect.ts';

export const numberPrecision: Defect = {
  id: 'number-precision',
  bugClass: 'B32',
  summary: 'whole numbers beyond 2^53 arrive changed',
  severity: 'medium',
  namedBy: { 'envelope.big-integers': 'warn' },
  change: (_hub, correct) => ({ encode: (text) => correct.encode(JSON.stringify(JSON.parse(text))) }),
};
