// What norn-loadtest ab takes on its command line.
import { UNWRITTEN } from '../../exit-code.ts';
import { duration, flag, integer } from '../../options/option.ts';
import { IDENTITY_OPTIONS, REMOTE_OPTION, TLS_OPTIONS } from '../../options/target-options.ts';
import { AGENTS_OF_RUNS_OPTIONS, ENDS_WITHOUT_AGENT } from '../agents/nats-options.ts';
import { COMPARE_EXIT_CODES, COMPARE_OPTIONS } from '../compare/compare-options.ts';
import { WITHOUT_FAULTS } from '../options/fault-options.ts';
import { PLAN_OPTIONS } from '../options/plan-options.ts';

export const AB_DEFAULTS = {
  pairs: 8,
  clients: 200,
  rate: 100,
  segmentMillis: 4_000,
  warmupMillis: 500,
} as const;

export const AB_SPEC = {
  program: 'norn-loadtest ab',
  usage: 'A B [options]',
  describe:
    'Loads two hubs in turn (A B, B A, ...) with the same plan and seed, and compares them pair by pair, so that noise of the machine affects both alike. A and B are each a ws:// URL, a command that starts a hub and prints its ready line, or the word reference.',
  maxPositionals: 2,
  options: {
    pairs: integer(`Pairs of segments [${AB_DEFAULTS.pairs}]`, 'N', 1, 1_000),
    ...COMPARE_OPTIONS,
    ...PLAN_OPTIONS,
    duration: {
      ...duration(`Measured time of each segment [${AB_DEFAULTS.segmentMillis / 1e3}s]`, 1_000),
      group: 'Load:',
    },
    warmup: {
      ...duration(`Warm-up before it, not measured [${AB_DEFAULTS.warmupMillis}ms]`),
      group: 'Load:',
    },
    ...REMOTE_OPTION,
    'no-progress': flag('Print no line for each pair'),
    ...TLS_OPTIONS,
    ...IDENTITY_OPTIONS,
    ...AGENTS_OF_RUNS_OPTIONS,
  },
  unsuited: { ...WITHOUT_FAULTS, ...ENDS_WITHOUT_AGENT },
  examples: [
    ['norn-loadtest ab ws://127.0.0.1:8800/ws ws://127.0.0.1:8801/ws --clients 500', 'two running hubs'],
    ["norn-loadtest ab reference './my-hub --port 0' --fail-on worse", 'yours against the reference hub'],
  ],
  exitCodes: [
    ...COMPARE_EXIT_CODES,
    [3, `a hub could not be reached or disappeared, or ${UNWRITTEN}`],
    [4, 'inconclusive: nothing could be judged'],
    [130, 'interrupted; the pairs so far are reported'],
  ],
} as const;
