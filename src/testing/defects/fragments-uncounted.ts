// B17, subtle: every frame has a limit, a message of many fragments has none, so that a message that never ends fills
// the memory.
import type { Defect } from '../defect.ts';

export const fragmentsUncounted: Defect = {
  id: 'fragments-uncounted',
  bugClass: 'B17',
  summary: 'a client may send a message of any size in small fragments',
  severity: 'advisory',
  namedBy: { 'robustness.fragments-limited': 'warn' },
  change: (_hub, correct) => ({ readerRules: { ...correct.readerRules, countsFragments: false } }),
};
