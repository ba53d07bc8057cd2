// What norn-loadtest shrink takes on its command line.
import { duration, text } from '../../options/option.ts';
import {
  IDENTITY_OPTIONS,
  REMOTE_OPTION,
  TARGET_OPTIONS,
  TLS_OPTIONS,
} from '../../options/target-options.ts';

export const SHRINK_SPEC = {
  program: 'norn-loadtest shrink',
  usage: 'FIXTURE [URL] [options]',
  describe:
    'Tries smaller versions of a fixture against the hub (fewer clients, fewer events, smaller payloads, shorter waits), keeps those that still fail in the same way in two of three tries, and writes the smallest.',
  maxPositionals: 2,
  options: {
    budget: duration('Time for the whole search [100s]', 1_000),
    wait: duration('Longest wait for a delivery before the hub counts as stuck [2s]', 100),
    output: text('File of the smaller fixture [FIXTURE.small.yaml in this folder]', 'FILE'),
    ...TARGET_OPTIONS,
    ...REMOTE_OPTION,
    ...TLS_OPTIONS,
    ...IDENTITY_OPTIONS,
  },
  examples: [["norn-loadtest shrink frozen.yaml --spawn './my-hub --port 0'", 'a fresh hub for every try']],
  exitCodes: [
    [0, 'the fixture still fails, and the smaller one is written'],
    [2, 'bad usage or bad file'],
    [3, 'the target could not be reached, the adapter failed, or the fixture could not be written'],
    [4, 'inconclusive: the fixture does not fail on this hub'],
    [130, 'interrupted; the smallest so far is written'],
  ],
} as const;
