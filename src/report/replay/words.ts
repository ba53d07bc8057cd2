// The outcome of a replay in the words that every report uses.
import type { Reproduction } from '../../fixture/judge/judge-fixture.ts';

export const REPRODUCTION_WORDS: Readonly<Record<Reproduction, string>> = {
  reproduced: 'reproduced',
  'not-reproduced': 'not reproduced',
  inconclusive: 'inconclusive',
};
