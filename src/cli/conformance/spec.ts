// What norn-conformance takes on its command line.
import { CLIENT_BUFFER_MESSAGES } from '../../protocol/limits.ts';
import { CONFORMANCE_REPORTERS } from '../../report/conformance/reporters.ts';
import type { OptionValues } from '../options/command-line.ts';
import { choice, choices, duration, flag, integer, text, texts } from '../options/option.ts';
import { TARGET_OPTIONS } from '../options/target-options.ts';

const checks = { group: 'Checks:' };
const reports = { group: 'Reports:' };

export const SPEC = {
  program: 'norn-conformance',
  usage: '[report] [URL] [options]',
  describe:
    'Judges a WebSocket broadcast hub, in whatever language it is written, clause by clause. Without a URL it starts the reference hub and judges that.',
  maxPositionals: 1,
  options: {
    only: {
      ...texts('Run only these checks: ids with * for anything, or a chapter; repeatable', 'PATTERN'),
      ...checks,
    },
    skip: { ...texts('Leave these out; repeatable', 'PATTERN'), ...checks },
    level: {
      ...choice('must; should: must and should; all: measurements too [all]', 'LEVEL', [
        'must',
        'should',
        'all',
      ]),
      ...checks,
    },
    strict: { ...flag('Warnings fail the run too'), ...checks },
    'known-failing': {
      ...text('YAML or JSON list of {id, reason}: failures that are accepted for now', 'FILE'),
      ...checks,
    },
    list: { ...flag('List the checks and end'), ...checks },
    explain: { ...text('Explain one check and end', 'ID'), ...checks },
    seed: { ...integer('Everything random follows from it [1]', 'N', 0, 2 ** 31 - 1), ...checks },
    ...TARGET_OPTIONS,
    'allowed-origin': {
      ...texts('Origin the hub allows besides the defaults; repeatable', 'ORIGIN'),
      group: 'Hub under test:',
    },
    'client-buffer': {
      ...integer(`Messages the hub buffers for each client [${CLIENT_BUFFER_MESSAGES}]`, 'N', 1, 65_536),
      group: 'Hub under test:',
    },
    'kick-deadline': {
      ...duration('By when an evicted client must be disconnected [10s]', 100),
      group: 'Hub under test:',
    },
    'ping-interval': {
      ...duration('How often the hub pings a client; without it pings are not judged', 100, 50_000),
      group: 'Hub under test:',
    },
    'allow-remote-target': {
      ...flag('Judge a hub on another machine; only one that is yours'),
      group: 'Hub under test:',
    },
    reporter: {
      ...choices(`${CONFORMANCE_REPORTERS.join(', ')}; repeatable [table]`, 'NAME', CONFORMANCE_REPORTERS),
      ...reports,
    },
    output: {
      ...text('Write each report to DIR/conformance.EXT; without --reporter all of them', 'DIR'),
      ...reports,
    },
  },
  examples: [
    ['norn-conformance', 'judge the reference hub'],
    ['norn-conformance ws://127.0.0.1:8800/ws', 'a running hub with POST /broadcast beside it'],
    ["norn-conformance --spawn './hub --port 0' --reporter junit --output reports", 'in CI, in any language'],
    ["norn-conformance --only 'slow-client.*' --seed 7", 'some checks, other chance'],
  ],
} as const;

export type Values = OptionValues<typeof SPEC.options>;
