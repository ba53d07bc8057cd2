// What norn-loadtest compare takes on its command line.
import { UNWRITTEN } from '../../exit-code.ts';
import { flag, integer } from '../../options/option.ts';
import { COMPARE_EXIT_CODES, COMPARE_OPTIONS } from '../compare/compare-options.ts';

export const COMPARE_SPEC = {
  program: 'norn-loadtest compare',
  usage: 'A.json B.json [options]',
  describe:
    'Compares two runs (loadtest.json) metric by metric: the ratio of B to A with its interval, and whether B is better, the same or worse. To compare two hubs, norn-loadtest ab is fairer, because it loads them in turn.',
  maxPositionals: 2,
  options: {
    ...COMPARE_OPTIONS,
    html: flag('Also write DIR/compare.html: the charts of both runs on one page'),
    seed: integer('Random seed of the intervals [1]', 'N', 0, 2 ** 31 - 1),
  },
  examples: [
    ['norn-loadtest compare before/loadtest.json after/loadtest.json', 'what changed'],
    ['norn-loadtest compare main.json branch.json --fail-on worse', 'in CI'],
  ],
  exitCodes: [...COMPARE_EXIT_CODES, [3, UNWRITTEN], [4, 'inconclusive: nothing could be judged']],
} as const;
