// B50, subtle: JSON has numbers of any size; one that is no double is read as infinity, and written as what is no JSON.
import type { Defect } from '../defect.ts';

const isTooLarge = (digits: string): boolean => !Number.isFinite(Number(digits));

export const infinityWritten: Defect = {
  id: 'infinity-written',
  bugClass: 'B50',
  summary: 'a number beyond every double is written as Infinity',
  severity: 'medium',
  namedBy: { 'envelope.invalid-not-broadcast': 'warn' },
  change: (_hub, correct) => ({
    encode: (text) =>
      correct.encode(
        text.replace(/:(\d+e\d+)(?=[,}])/g, (whole, digits) => (isTooLarge(digits) ? ':Infinity' : whole)),
      ),
  }),
};
