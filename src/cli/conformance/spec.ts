// What norn-conformance takes on its command line.
import { CLIENT_BUFFER_MESSAGES } from '../../protocol/limits.ts';
import {
  CONFORMANCE_REPORTER_ALIASES,
  CONFORMANCE_REPORTERS,
} from '../../report/conformance/reporter-names.ts';
import type { OptionValues } from '../options/command-line.ts';
import { choice, choices, duration, flag, integer, text, texts } from '../options/option.ts';
import { origins } from '../options/origin-option.ts';
import { CLIENT_OPTIONS, TARGET_OPTIONS, TLS_OPTIONS } from '../options/target-options.ts';

const checks = { group: 'Checks:' };
const reports = { group: 'Reports:' };

export const SPEC = {
  program: 'norn-conformance',
  usage: '[explore|report] [URL] [options]',
  describe:
    'Judges a WebSocket broadcast hub in any language, clause by clause. Without a URL it starts and judges the reference hub.',
  maxPositionals: 1,
  commands: [
    ['explore', 'search for bugs that no check lists, with random programs'],
    ['report', 'render earlier results; several hubs become a grid'],
  ],
  options: {
    only: {
      ...texts('Run only these checks: an id, a pattern with *, or a chapter; repeatable', 'PATTERN'),
      ...checks,
    },
    skip: { ...texts('Leave these checks out; repeatable', 'PATTERN'), ...checks },
    level: {
      ...choice('must; should: must and should; all: also measurements [all]', 'LEVEL', [
        'must',
        'should',
        'all',
      ]),
      ...checks,
    },
    strict: { ...flag('Fail the run on warnings too'), ...checks },
    'known-failing': {
      ...text('YAML or JSON list of {id, reason}: failures accepted for now', 'FILE'),
      ...checks,
    },
    list: { ...flag('List the checks and exit'), ...checks },
    explain: { ...text('Explain one check and exit', 'ID'), ...checks },
    time: { ...duration('Time limit of the run, for hubs that are slow [110s]', 1_000), ...checks },
    seed: { ...integer('Random seed [1]', 'N', 0, 2 ** 31 - 1), ...checks },
    'explore-time': {
      ...duration('How long model.explored searches, up to 60s [8s]', 1_000, 60_000),
      ...checks,
    },
    ...TARGET_OPTIONS,
    'allowed-origin': {
      ...origins('Origin the hub allows besides the defaults; repeatable'),
      group: 'Hub under test:',
    },
    'client-buffer': {
      ...integer(`Messages the hub buffers for each client [${CLIENT_BUFFER_MESSAGES}]`, 'N', 1, 65_536),
      group: 'Hub under test:',
    },
    'kick-deadline': {
      ...duration('Deadline for disconnecting an evicted client [10s]', 100),
      group: 'Hub under test:',
    },
    'ping-interval': {
      ...duration('Time between pings of the hub; without it pings are not judged', 100, 50_000),
      group: 'Hub under test:',
    },
    'allow-remote-target': {
      ...flag('Judge a hub on another machine; only one that is yours'),
      group: 'Hub under test:',
    },
    reporter: {
      ...choices(
        `${CONFORMANCE_REPORTERS.join(', ')}; repeatable [terminal]`,
        'NAME',
        CONFORMANCE_REPORTERS,
        CONFORMANCE_REPORTER_ALIASES,
      ),
      ...reports,
    },
    output: {
      ...text('Folder for conformance.EXT of each reporter; without --reporter of all', 'DIR'),
      ...reports,
    },
    ...TLS_OPTIONS,
    ...CLIENT_OPTIONS,
  },
  examples: [
    ['norn-conformance', 'judge the reference hub'],
    ['norn-conformance ws://127.0.0.1:8800/ws', 'a running hub with POST /broadcast'],
    ["norn-conformance --spawn './hub --port 0' --reporter junit --output reports", 'in CI, in any language'],
    ["norn-conformance --only 'slow-client.*' --seed 7", 'selected checks, different seed'],
  ],
} as const;

export type Values = OptionValues<typeof SPEC.options>;
