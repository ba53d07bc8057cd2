// What norn-loadtest replay takes on its command line.
import { UNWRITTEN } from '../../exit-code.ts';
import { integer, text } from '../../options/option.ts';
import {
  IDENTITY_OPTIONS,
  REMOTE_OPTION,
  TARGET_OPTIONS,
  TLS_OPTIONS,
} from '../../options/target-options.ts';

export const REPLAY_SPEC = {
  program: 'norn-loadtest replay',
  usage: 'FIXTURE|FOLDER... [URL] [options]',
  describe:
    'Runs fixtures against a hub and reports for each whether its bug was reproduced, expectation by expectation. A fixture is a file, a folder, the name of a shipped one, or "all" for all shipped ones. Without a URL it starts the reference hub with the settings of the fixture.',
  maxPositionals: 10_000,
  options: {
    runs: integer('Runs of each fixture [1]', 'N', 1, 1_000),
    output: text('Folder for replay.json, replay.html and replay.xml (JUnit) [reports]', 'DIR'),
    ...TARGET_OPTIONS,
    ...REMOTE_OPTION,
    ...TLS_OPTIONS,
    ...IDENTITY_OPTIONS,
  },
  examples: [
    ['norn-loadtest replay all', 'every shipped fixture against the reference hub'],
    ['norn-loadtest replay stuck-writer ws://127.0.0.1:8800/ws', 'does your hub have this bug?'],
    [
      "norn-loadtest replay fixtures/ --spawn './my-hub --port 0'",
      'a folder as a suite, each on a fresh hub',
    ],
  ],
  exitCodes: [
    [0, 'no bug was reproduced'],
    [1, 'a bug was reproduced, or a fixture failed for another reason'],
    [2, 'bad usage or bad file'],
    [3, `the target could not be reached, the adapter failed, or ${UNWRITTEN}`],
    [4, 'inconclusive: something could not be judged, and nothing was reproduced'],
    [130, 'interrupted; replays so far are reported'],
  ],
} as const;
