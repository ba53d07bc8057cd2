// What norn-conformance explore takes on its command line.

import { EXPLORE_REPORTERS } from '../../../report/explore/reporter-names.ts';
import { UNWRITTEN } from '../../exit-code.ts';
import type { OptionValues } from '../../options/command-line.ts';
import { choices, duration, text } from '../../options/option.ts';
import { SPEC } from '../spec.ts';

const search = { group: 'Search:' };
const reports = { group: 'Reports:' };
const { only, skip, level, strict, list, explain, reporter, output, ...hub } = SPEC.options;
const { 'known-failing': _, 'explore-time': __, time: ___, seed, ...target } = hub;

export const EXPLORE_SPEC = {
  program: 'norn-conformance explore',
  usage: '[URL] [options]',
  describe:
    'Searches for bugs that no check lists: random programs over clients, headers, reading, sending and events, each judged by the whole protocol. A failure is reproduced, reduced to what it needs, and written as a file that replays it. Without a URL it explores the reference hub.',
  maxPositionals: 1,
  options: {
    time: { ...duration('How long to search [60s]', 1_000), ...search },
    seed: { ...seed, ...search },
    program: { ...text('Replay the programs of this file instead of searching', 'FILE'), ...search },
    'known-failing': {
      ...text('YAML or JSON list of {id, reason}: findings accepted for now', 'FILE'),
      ...search,
    },
    ...target,
    reporter: {
      ...choices(`${EXPLORE_REPORTERS.join(', ')}; repeatable [terminal]`, 'NAME', EXPLORE_REPORTERS),
      ...reports,
    },
    output: {
      ...text('Folder for explore.EXT of each reporter, and for findings [reports]', 'DIR'),
      ...reports,
    },
  },
  examples: [
    ['norn-conformance explore ws://127.0.0.1:8800/ws --time 10m', 'search for ten minutes'],
    ["norn-conformance explore --spawn './hub --port 0' --seed 7", 'on a hub that can be started again'],
    [
      "norn-conformance explore --program reports/explore-7-1.json --spawn './hub --port 0'",
      'replay a finding',
    ],
  ],
  exitCodes: [
    [0, 'nothing was found'],
    [1, 'something was found'],
    [2, 'bad usage or bad file'],
    [3, `the target could not be reached, the adapter failed, or ${UNWRITTEN}`],
    [4, 'inconclusive: the search could not run, or ended early'],
    [130, 'interrupted; what was found so far is reported'],
  ],
} as const;

export type ExploreValues = OptionValues<typeof EXPLORE_SPEC.options>;
