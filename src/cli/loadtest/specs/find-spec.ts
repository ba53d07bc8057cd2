// What norn-loadtest find takes on its command line.
import { UNWRITTEN } from '../../exit-code.ts';
import { flag, text } from '../../options/option.ts';
import {
  IDENTITY_OPTIONS,
  REMOTE_OPTION,
  TARGET_OPTIONS,
  TLS_OPTIONS,
} from '../../options/target-options.ts';
import { AGENTS_OF_RUNS_OPTIONS, ENDS_WITHOUT_AGENT } from '../agents/nats-options.ts';
import { WITHOUT_FAULTS } from '../options/fault-options.ts';
import { OUT_OPTION } from '../options/out-option.ts';
import { SEARCH_OPTIONS } from '../options/search-options.ts';

export const FIND_SPEC = {
  program: 'norn-loadtest find',
  usage: '[URL] [options]',
  describe:
    'Searches the capacity of a hub: the largest event rate, or number of clients, at which the thresholds hold. It doubles the load until a level fails, then narrows the interval, and judges each level by more than one step. Without a URL it starts the reference hub. Without --threshold, fast clients must receive everything with a p99 below 100 ms.',
  maxPositionals: 1,
  options: {
    ...SEARCH_OPTIONS,
    ...TARGET_OPTIONS,
    ...REMOTE_OPTION,
    ...OUT_OPTION,
    output: text('Folder for find.json and find.md [reports]', 'DIR'),
    'no-progress': flag('Print no line for each step'),
    ...TLS_OPTIONS,
    ...IDENTITY_OPTIONS,
    ...AGENTS_OF_RUNS_OPTIONS,
  },
  unsuited: { ...WITHOUT_FAULTS, ...ENDS_WITHOUT_AGENT },
  examples: [
    ['norn-loadtest find --clients 500', 'how many events per second for 500 clients'],
    [
      "norn-loadtest find ws://127.0.0.1:8800/ws --vary clients --rate 50 --threshold 'latency{cohort=fast}.p99<50ms'",
      'how many clients at 50 events per second',
    ],
    ['norn-loadtest find --budget 3m --duration 2s', 'faster and less exact'],
  ],
  exitCodes: [
    [0, 'the capacity was found, or the highest level passed'],
    [1, 'no level met the thresholds'],
    [2, 'bad usage or bad file'],
    [3, `the target could not be reached or disappeared, or ${UNWRITTEN}`],
    [4, 'inconclusive: the driver was the limit, or the budget was spent'],
    [130, 'interrupted; the answer from the steps so far is reported'],
  ],
} as const;
