// B17: no limit on what a client may send. Shows as silence after a frame header that declares 2^40 bytes.
import type { Defect } from '../defect.ts';

export const noReadLimit: Defect = {
  id: 'no-read-limit',
  bugClass: 'B17',
  summary: 'a client may send frames of any size',
  severity: 'advisory',
  namedBy: { 'robustness.length-limited': 'warn' },
  change: (_hub, correct) => ({
    readerRules: { ...correct.readerRules, maxMessageBytes: Number.POSITIVE_INFINITY },
  }),
};
