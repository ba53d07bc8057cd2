// norn-loadtest run: a plan against a hub, and a verdict.
import { kitVersion } from '../../kit/kit-version.ts';
import { runLoadTest } from '../../load/coordinator/run.ts';
import type { Outputs } from '../../load/outputs/open-outputs.ts';
import { countClients } from '../../load/plan/plan.ts';
import { findObstacles } from '../../load/plan/preflight.ts';
import type { LoadtestResult } from '../../load/result/result.ts';
import { LOADTEST_REPORTERS, type LoadtestReporter } from '../../report/loadtest/reporter-names.ts';
import { LOADTEST_FORMS } from '../../report/loadtest/reporters.ts';
import { startChosenTarget } from '../../target/choose-target.ts';
import type { Target } from '../../target/target.ts';
import { systemClock } from '../../time/clock.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { livePlan } from '../live/live-plan.ts';
import { type LiveServer, openLiveServer } from '../live/live-server.ts';
import { createStderrProgress } from '../live/progress.ts';
import { type OptionValues, parseCommandLine } from '../options/command-line.ts';
import { choices, flag, integer, text } from '../options/option.ts';
import { mustBeLoopback, readTargetChoice } from '../options/target-choice.ts';
import { TARGET_OPTIONS } from '../options/target-options.ts';
import { UsageError } from '../options/usage-error.ts';
import { printReport } from '../output/print-report.ts';
import { mustBeWritable, saveReports } from '../output/report-files.ts';
import { rerunCommand } from '../output/rerun-command.ts';
import { appendStepSummary } from '../output/step-summary.ts';
import type { Command } from './options/command.ts';
import { mustExportNearby, mustOpenOutputs, OUT_OPTION } from './options/live-outputs.ts';
import { mustCreatePlan, PLAN_OPTIONS } from './options/load-plan.ts';
import { readPlanFile } from './options/plan-file.ts';
import { REMOTE_OPTION, withTarget } from './options/with-target.ts';

/** Options that do not change the run itself. */
const NOT_REPEATED = ['output', 'reporter', 'out', 'quiet', 'no-progress', 'ui'];

const LIVE = 'Live view:';
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

/** Fields of a plan file. --pid and --allow-remote-target stay on the command line: they depend on the machine. */
const { pid: _, ...FILE_TARGET_OPTIONS } = TARGET_OPTIONS;
const PLAN_FILE_OPTIONS = { ...PLAN_OPTIONS, ...FILE_TARGET_OPTIONS, ...OUT_OPTION, ...REPORT_OPTIONS };

/** The help of the whole program, as a run needs no command. */
const RUN_SPEC = {
  program: 'norn-loadtest',
  usage: '[COMMAND] [URL | PLAN.yaml] [options]',
  describe:
    'Loads a hub with fast and deliberately slow clients while deploys, restarts and scalings are replayed, and reports a verdict. Without a URL it starts the reference hub. A plan file (YAML) has the same names as the options, and url.',
  maxPositionals: 1,
  options: {
    ...PLAN_OPTIONS,
    ...TARGET_OPTIONS,
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
  },
  examples: [
    ['norn-loadtest', 'the default plan against the reference hub'],
    [
      'norn-loadtest ws://127.0.0.1:8800/ws --clients 5000 --duration 1m',
      'your hub, with 5,000 fast clients',
    ],
    [
      "norn-loadtest --clients 500 --cohort 'stalled=50:stall(after=100)' --threshold 'latency{cohort=fast}.p99<50ms'",
      'slow clients beside fast ones, and a limit',
    ],
  ],
} as const;

type RunValues = OptionValues<typeof RUN_SPEC.options>;

/** `commands` are listed in the help. */
export function createRunCommand(commands: readonly (readonly [name: string, summary: string])[]): Command {
  return {
    name: 'run',
    summary: 'load a hub and judge it (the default command)',
    spec: RUN_SPEC,
    run: (argv) => run(argv, commands),
  };
}

async function run(
  argv: readonly string[],
  commands: readonly (readonly [name: string, summary: string])[],
): Promise<ExitCode> {
  const line = await parseCommandLine({ ...RUN_SPEC, commands }, argv, process.env);
  if (line.kind === 'print') {
    console.log(line.text);
    return EXIT_CODE.passed;
  }
  const [what] = line.positionals;
  const isUrl = what === undefined || /^[a-z][a-z\d+.-]*:\/\//i.test(what);
  const planFile = isUrl ? undefined : readPlanFile(what, PLAN_FILE_OPTIONS);
  const values = mergeOver(planFile?.values, line.values);
  const plan = mustCreatePlan(values);
  const choice = mustBeLoopback(
    readTargetChoice(isUrl ? what : planFile?.url, values),
    values['allow-remote-target'] ?? false,
  );
  mustExportNearby(values.out ?? [], values['allow-remote-target']);
  const clients = countClients(plan.cohorts);
  const obstacles = await findObstacles({ clients, workers: plan.workers, hubPid: values.pid });
  if (obstacles.length > 0) throw new UsageError(`--clients: ${obstacles.join('; ')}`);
  const output = values.output ?? 'reports';
  mustBeWritable(output);
  const progress = createStderrProgress({
    isRedrawWanted: !values['no-progress'] && !values.quiet,
    otherwise: values.quiet ? 'none' : 'lines',
  });
  const ui = values.ui === undefined ? undefined : await openUi(values.ui);
  if (ui) progress.say(`${RUN_SPEC.program}: live view at ${ui.url}`);
  let outputs: Outputs | undefined;
  let measured: LoadtestResult | undefined;
  const work = async (target: Target, interruption: AbortSignal) => {
    const audience = ui ? [progress, ui] : [progress];
    for (const one of audience) one.begin(livePlan(plan, target));
    try {
      measured = await runLoadTest({
        target,
        plan,
        kitVersion: kitVersion(),
        clock: systemClock,
        interruption,
        onProgress(view) {
          for (const one of audience) one.show(view);
          outputs?.take(view);
        },
      });
    } finally {
      progress.end();
    }
    const result = { ...measured, command: commandOf(argv) };
    report(result, values.reporter ?? ['terminal'], output);
    await ui?.deliver(LOADTEST_FORMS.html.render(result));
    return exitCodeOf(result);
  };
  try {
    outputs = await mustOpenOutputs(RUN_SPEC.program, values.out ?? [], progress.say);
    const start = await startChosenTarget(choice, { clientBufferMessages: plan.clientBufferMessages });
    return await withTarget(RUN_SPEC.program, start, work, progress.say);
  } finally {
    await outputs?.end(measured?.partial === false ? 'whole' : 'partial');
    await ui?.close();
  }
}

/** Flags and variables override the file; a rate there also drops the speed of the file, and a speed its rate. */
function mergeOver(file: Partial<Record<string, unknown>> | undefined, line: RunValues): RunValues {
  const given = Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined));
  const { rate, speed, ...others } = file ?? {};
  const kept = given.rate === undefined && given.speed === undefined ? { rate, speed } : {};
  return { ...line, ...others, ...kept, ...given } as RunValues;
}

function commandOf(argv: readonly string[]): string {
  const { program, options } = RUN_SPEC;
  return rerunCommand({ program, options, argv, environment: process.env, dropped: NOT_REPEATED });
}

async function openUi(port: number): Promise<LiveServer> {
  const server = await openLiveServer(port, systemClock);
  if (!server.ok) throw new UsageError(`--ui: ${server.problem}`);
  return server.value;
}

/** For readers of the log. */
const FOR_THE_LOG: readonly LoadtestReporter[] = ['terminal', 'github'];
/** Written whatever --reporter names, so that no measurement is lost. */
const ALWAYS_WRITTEN: readonly LoadtestReporter[] = ['json', 'markdown', 'html'];

function report(result: LoadtestResult, chosen: readonly LoadtestReporter[], output: string): void {
  const isForPrograms = chosen.length === 1 && chosen[0] === 'json';
  if (isForPrograms) process.stdout.write(LOADTEST_FORMS.json.render(result));
  for (const name of chosen)
    if (FOR_THE_LOG.includes(name)) printReport(name, LOADTEST_FORMS[name].render(result));
  const names = new Set([...ALWAYS_WRITTEN, ...chosen.filter((name) => name !== 'terminal')]);
  const files = [...names].map((name) => {
    const { fileName, render } = LOADTEST_FORMS[name];
    return { name: fileName, text: render(result) };
  });
  saveReports(RUN_SPEC.program, output, files, (line) => {
    if (!isForPrograms) console.log(`\n${line}`);
  });
  const unwritten = chosen.includes('github')
    ? appendStepSummary(LOADTEST_FORMS.markdown.render(result), process.env)
    : undefined;
  if (unwritten !== undefined) console.error(`${RUN_SPEC.program}: ${unwritten}`);
}

function exitCodeOf({ verdict, hasTargetFailed }: LoadtestResult): ExitCode {
  return hasTargetFailed ? EXIT_CODE.target : EXIT_CODE[verdict];
}
