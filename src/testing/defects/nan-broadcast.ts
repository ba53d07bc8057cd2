// B50: the JSON module of some languages reads and writes NaN, and no browser can parse what it wrote.
import type { Defect } from '../defect.ts';

export const nanBroadcast: Defect = {
  id: 'nan-broadcast',
  bugClass: 'B50',
  summary: 'an event with the number NaN is taken and broadcast, and is no JSON',
  severity: 'medium',
  namedBy: { 'envelope.invalid-not-broadcast': 'warn' },
  change: (_hub, correct) => ({
    refuseEvent: (text) => correct.refuseEvent(text.replaceAll(':NaN', ':null')),
  }),
};
