// What norn-loadtest takes on its command line without a command, or with run; and what a plan file may hold.
import { LOADTEST_REPORTERS } from '../../../report/loadtest/reporter-names.ts';
import { choices, duration, flag, integer, text } from '../../options/option.ts';
import { HUBS_OPTIONS, IDENTITY_OPTIONS, REMOTE_OPTION, TLS_OPTIONS } from '../../options/target-options.ts';
import { AGENTS_OPTIONS } from '../agents/nats-options.ts';
import { ALLOW_EXEC_OPTION, FAULT_OPTION } from '../options/fault-options.ts';
import { OUT_OPTION } from '../options/out-option.ts';
import { PLAN_OPTIONS } from '../options/plan-options.ts';
import { START_OPTIONS } from '../options/start-options.ts';

const LIVE = 'Live view:';
const ABORT_OPTION = {
  'abort-on-breach': {
    ...duration(
      'End the run as failed once a threshold can no longer hold, from so long after the start of the measured time [10s]',
    ),
    bareValue: '10s',
    group: 'Load:',
  },
} as const;
const REPORT_OPTIONS = {
  reporter: {
    ...choices(`${LOADTEST_REPORTERS.join(', ')}; repeatable [terminal]`, 'NAME', LOADTEST_REPORTERS),
    group: 'Reports:',
  },
  output: {
    ...text('Folder for loadtest.json, .md, .html and what --reporter names [reports]', 'DIR'),
    group: 'Reports:',
  },
} as const;

/** Fields of a plan file. What depends on the machine, and what allows something, stays on the command line. */
const { pid: _, ...FILE_TARGET_OPTIONS } = HUBS_OPTIONS;
export const PLAN_FILE_OPTIONS = {
  ...PLAN_OPTIONS,
  ...ABORT_OPTION,
  ...FAULT_OPTION,
  ...FILE_TARGET_OPTIONS,
  ...TLS_OPTIONS,
  ...IDENTITY_OPTIONS,
  ...OUT_OPTION,
  ...REPORT_OPTIONS,
};

/** More are a mistake of the command line. */
const MOST_HUBS = 64;

/** The help of the whole program, as a run needs no command. */
export const RUN_SPEC = {
  program: 'norn-loadtest',
  usage: '[COMMAND] [URL ... | PLAN.yaml] [options]',
  describe:
    'Loads a hub with fast and deliberately slow clients while deploys, restarts and scalings are replayed, and reports a verdict. Without a URL it starts the reference hub. Several URLs are replicas of one hub: what is published at the first must reach the clients of all. A plan file (YAML) has the same names as the options, and url.',
  maxPositionals: MOST_HUBS,
  options: {
    ...PLAN_OPTIONS,
    ...ABORT_OPTION,
    ...START_OPTIONS,
    ...FAULT_OPTION,
    ...ALLOW_EXEC_OPTION,
    ...HUBS_OPTIONS,
    ...REMOTE_OPTION,
    ...OUT_OPTION,
    ...REPORT_OPTIONS,
    'no-progress': {
      ...flag('Print live numbers as lines, the default without a terminal or with CI=true'),
      group: LIVE,
    },
    quiet: { ...flag('Print no live numbers'), group: LIVE },
    ui: {
      ...integer(
        'Serve the live view as a page on 127.0.0.1; it becomes the report [a free port]',
        'PORT',
        0,
        65_535,
      ),
      bareValue: '0',
      group: LIVE,
    },
    ...TLS_OPTIONS,
    ...IDENTITY_OPTIONS,
    ...AGENTS_OPTIONS,
  },
  examples: [
    ['norn-loadtest', 'the default plan against the reference hub'],
    [
      'norn-loadtest ws://127.0.0.1:8800/ws --clients 5000 --duration 1m',
      'your hub, with 5,000 fast clients',
    ],
    ['norn-loadtest ws://127.0.0.1:8800/ws ws://127.0.0.1:8801/ws', 'two replicas that share a broker'],
    [
      "norn-loadtest --clients 500 --cohort 'stalled=50:stall(after=100)' --threshold 'latency{cohort=fast}.p99<50ms'",
      'slow clients beside fast ones, and a limit',
    ],
  ],
} as const;
