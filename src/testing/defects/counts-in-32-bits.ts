// B32: numbers right inside a payload are decoded into integers of 32 bits, as of a struct; those further in are kept.
import type { Defect } from '../defect.ts';
import { changePayloadFields } from '../hub/payload-fields.ts';

const narrow = (value: unknown): unknown => (Number.isInteger(value) ? (value as number) | 0 : value);

export const countsIn32Bits: Defect = {
  id: 'counts-in-32-bits',
  bugClass: 'B32',
  summary: 'a count or a time in milliseconds beyond 2^31 arrives as another number',
  severity: 'medium',
  namedBy: { 'envelope.numbers': 'fail' },
  change: (_hub, correct) => ({
    encode: (text) => correct.encode(changePayloadFields(text, narrow)),
  }),
};
