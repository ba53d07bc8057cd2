// Robustness: each fragment must be UTF-8 by itself, though a fragment may end inside a character (RFC 6455 section 5.6).
import type { Defect } from '../defect.ts';

export const utf8ByFragment: Defect = {
  id: 'utf8-by-fragment',
  bugClass: 'RFC',
  summary: 'a text that is cut inside a character ends the connection',
  severity: 'medium',
  namedBy: { 'robustness.odd-but-legal': 'fail' },
  change: (_hub, correct) => ({ readerRules: { ...correct.readerRules, checksFragments: true } }),
};
