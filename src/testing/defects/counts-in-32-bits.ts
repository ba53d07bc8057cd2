// B32: numbers right inside a payload are decoded into integers of 32 bits, as of a struct; those further in are kept.
import type { Defect } from '../defect.ts';

const narrow = (value: unknown): unknown => (Number.isInteger(value) ? (value as number) | 0 : value);

export const countsIn32Bits: Defect = {
  id: 'counts-in-32-bits',
  bugClass: 'B32',
  summary: 'a count or a time in milliseconds beyond 2^31 arrives as another number',
  severity: 'medium',
  namedBy: { 'envelope.numbers': 'fail' },
  change: (_hub, correct) => ({
    encode(text) {
      const { payload, ...rest } = JSON.parse(text);
      const narrowed = Object.fromEntries(
        Object.entries(payload).map(([name, value]) => [name, narrow(value)]),
      );
      return correct.encode(JSON.stringify({ ...rest, payload: narrowed }));
    },
  }),
};
