// norn-loadtest run: a plan against a hub, and a verdict.

import { basename } from 'node:path';
import type { Machines } from '../../agents/coordinator/machines.ts';
import { findMisfit } from '../../faults/find-misfit.ts';
import { forwardedHubs } from '../../faults/network/networks.ts';
import { kitVersion } from '../../kit/kit-version.ts';
import { runLoadTest } from '../../load/coordinator/run.ts';
import { hubAhead } from '../../load/machine/preflight.ts';
import type { Outputs } from '../../load/outputs/open-outputs.ts';
import { cohortsAtMost, countClients } from '../../load/plan/plan.ts';

import type { LoadtestResult } from '../../load/result/result.ts';
import { setupProblemOf } from '../../load/result/setup-problem.ts';
import type { LoadtestReporter } from '../../report/loadtest/reporter-names.ts';
import { LOADTEST_FORMS } from '../../report/loadtest/reporters.ts';
import { startChosenHubs } from '../../target/replicas/start-hubs.ts';
import type { Target } from '../../target/target.ts';
import { systemClock } from '../../time/clock.ts';
import { type Parsed, parsed } from '../../units/parsed.ts';
import { looksLikeUrl } from '../../wire/address/hub-urls.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { livePlan } from '../live/live-plan.ts';
import { type LiveServer, openLiveServer } from '../live/live-server.ts';
import { createStderrProgress } from '../live/progress.ts';
import type { OptionValues, ParsedLine } from '../options/command-line.ts';
import { allMustBeLoopback, mustHaveRows, readHubChoices } from '../options/target-choice.ts';
import { UsageError } from '../options/usage-error.ts';
import { openJournal } from '../output/journal-file.ts';
import { printReport } from '../output/print-report.ts';
import { mustBeWritable, saveReports } from '../output/report-files.ts';
import { rerunCommand } from '../output/rerun-command.ts';
import { appendStepSummary } from '../output/step-summary.ts';
import { reportUnwritten } from '../output/unwritten.ts';
import { mustWantMachines, withMachines } from './agents/want-machines.ts';
import { awaitStart } from './await-start.ts';
import { mustExportNearby, mustOpenOutputs } from './options/live-outputs.ts';
import { mustCreatePlan, mustHaveRoom } from './options/load-plan.ts';
import { readPlanFile } from './options/plan-file.ts';
import { mustPlanStart } from './options/run-start.ts';
import { withTarget } from './options/with-target.ts';
import { PLAN_FILE_OPTIONS, RUN_SPEC } from './specs/run-spec.ts';

/** Options that do not change the run itself. */
const NOT_REPEATED = [
  ...['output', 'reporter', 'out', 'quiet', 'no-progress', 'ui'],
  ...['start-at', 'start-when', 'start-deadline'],
];

type RunValues = OptionValues<typeof RUN_SPEC.options>;

export async function run(line: ParsedLine<typeof RUN_SPEC.options>): Promise<ExitCode> {
  const [what, ...others] = line.positionals;
  const isUrl = what === undefined || looksLikeUrl(what);
  const planFile = isUrl ? undefined : readPlanFile(what, PLAN_FILE_OPTIONS);
  if (planFile && others.length > 0)
    throw new UsageError(`${others[0]}: a plan file stands alone; write the URLs in it, as url`);
  const values = mergeOver(planFile?.values, line.values);
  const urls = planFile?.urls ?? line.positionals;
  const choices = allMustBeLoopback(
    readHubChoices(urls, values, planFile?.cohortClient),
    values['allow-remote-target'] ?? false,
  );
  const plan = mustCreatePlan(
    values,
    choices.map((_, at) => urls[at]),
  );
  for (const choice of choices) mustHaveRows(choice, cohortsAtMost(plan));
  mustExportNearby(values.out ?? [], values['allow-remote-target']);
  const begin = mustPlanStart(values);
  const wanted = mustWantMachines(values, plan, choices.length);
  // Agents show what they can carry when they are found.
  if (wanted === undefined)
    await mustHaveRoom({
      ...plan,
      clients: countClients(plan.cohorts),
      hubs: choices.map(hubAhead),
      forwardedHubs: forwardedHubs(plan.faults, choices.length),
    });
  const output = values.output ?? 'reports';
  mustBeWritable(output);
  const journal = openJournal(output, (line) => console.error(`${RUN_SPEC.program}: ${line}`));
  const progress = createStderrProgress({
    isRedrawWanted: !values['no-progress'] && !values.quiet,
    otherwise: values.quiet ? 'none' : 'lines',
  });
  const ui = values.ui === undefined ? undefined : await openUi(values.ui);
  if (ui) progress.say(`${RUN_SPEC.program}: live view at ${ui.url}`);
  let outputs: Outputs | undefined;
  let measured: LoadtestResult | undefined;
  const work = async (target: Target, interruption: AbortSignal) => {
    const misfit = findMisfit(plan.faults, target);
    if (misfit !== undefined) {
      console.error(`${RUN_SPEC.program}: --fault: ${misfit}`);
      return EXIT_CODE.target;
    }
    const say = (text: string) => progress.say(`${RUN_SPEC.program}: ${text}`);
    const problem = await awaitStart(begin, { clock: systemClock, interruption, say });
    if (problem !== undefined) {
      console.error(`${RUN_SPEC.program}: --start-when: ${problem}`);
      return EXIT_CODE.target;
    }
    if (interruption.aborted) return EXIT_CODE.interrupted;
    const audience = ui ? [progress, ui] : [progress];
    const measure = async (machines: Machines | undefined): Promise<Parsed<LoadtestResult>> => {
      const claimed = await machines?.claim(plan, target, interruption);
      if (claimed?.ok === false) return claimed;
      const { fleet } = claimed?.value ?? {};
      const whole = claimed?.value.plan ?? plan;
      const agents = fleet?.agents().map(({ name }) => name);
      for (const one of audience) one.begin(livePlan(whole, target, '', agents));
      try {
        const result = await runLoadTest({
          target,
          plan: whole,
          fleet,
          lostAgent: wanted?.lostAgent,
          kitVersion: kitVersion(),
          clock: systemClock,
          interruption,
          abortAfterMillis: values['abort-on-breach'],
          onProgress(view) {
            for (const one of audience) one.show(view);
            outputs?.take(view);
          },
          writeJournal: (soFar) => journal.write({ ...soFar, command: commandOf(line.argv) }),
        });
        return parsed(result);
      } finally {
        progress.end();
        claimed?.value.free('the run is over');
      }
    };
    const outcome = await withMachines(wanted, RUN_SPEC.program, progress.say, measure);
    if (!outcome?.ok) {
      if (outcome && !interruption.aborted)
        console.error(`${RUN_SPEC.program}: --agents: ${outcome.problem}`);
      return EXIT_CODE.inconclusive;
    }
    measured = outcome.value;
    const setupProblem = setupProblemOf(measured);
    if (setupProblem !== undefined) {
      journal.end(true);
      console.error(`${RUN_SPEC.program}: ${setupProblem}`);
      return EXIT_CODE.target;
    }
    const result = { ...measured, command: commandOf(line.argv) };
    const { areAllWritten, resultPath } = report(result, values.reporter ?? ['terminal'], output);
    journal.end(areAllWritten, resultPath);
    await ui?.deliver(LOADTEST_FORMS.html.render(result));
    return exitCodeOf(result);
  };
  try {
    outputs = await mustOpenOutputs(RUN_SPEC.program, values.out ?? [], progress.say);
    const { clientBufferMessages, compression } = plan;
    const start = await startChosenHubs(choices, { clientBufferMessages, compression });
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

interface Reported {
  readonly areAllWritten: boolean;
  /** Of loadtest.json, where that is written. */
  readonly resultPath: string | undefined;
}

function report(result: LoadtestResult, chosen: readonly LoadtestReporter[], output: string): Reported {
  const isForPrograms = chosen.length === 1 && chosen[0] === 'json';
  if (isForPrograms) process.stdout.write(LOADTEST_FORMS.json.render(result));
  for (const name of chosen)
    if (FOR_THE_LOG.includes(name)) printReport(name, LOADTEST_FORMS[name].render(result));
  const names = new Set([...ALWAYS_WRITTEN, ...chosen.filter((name) => name !== 'terminal')]);
  const files = [...names].map((name) => {
    const { fileName, render } = LOADTEST_FORMS[name];
    return { name: fileName, text: render(result) };
  });
  const { paths, problems } = saveReports(RUN_SPEC.program, output, files, (line) => {
    if (!isForPrograms) console.log(`\n${line}`);
  });
  if (problems.length > 0 && !isForPrograms && !chosen.includes('terminal'))
    printReport('terminal', LOADTEST_FORMS.terminal.render(result));
  const unwritten = chosen.includes('github')
    ? appendStepSummary(LOADTEST_FORMS.markdown.render(result), process.env)
    : undefined;
  if (unwritten !== undefined) reportUnwritten(RUN_SPEC.program, unwritten);
  const resultPath = paths.find((path) => basename(path) === LOADTEST_FORMS.json.fileName);
  return { areAllWritten: problems.length === 0, resultPath };
}

function exitCodeOf({ verdict, hasTargetFailed }: LoadtestResult): ExitCode {
  return hasTargetFailed ? EXIT_CODE.target : EXIT_CODE[verdict];
}
