// norn-loadtest find: the capacity of a hub, as the largest event rate or number of clients at which the thresholds hold.
import type { Machines } from '../../agents/coordinator/machines.ts';
import { kitVersion } from '../../kit/kit-version.ts';
import { DEFAULT_BUDGET_MILLIS } from '../../load/find/find-defaults.ts';
import type { FindResult } from '../../load/find/find-result.ts';
import { searchHub } from '../../load/find/search-hub.ts';
import { hubAhead } from '../../load/machine/preflight.ts';
import { countClients, type LoadPlan } from '../../load/plan/plan.ts';
import { answerLine, stepLine } from '../../report/find/facts.ts';
import { renderFindMarkdown, renderFindTerminal } from '../../report/find/summary.ts';
import { startChosenTarget } from '../../target/choose-target.ts';
import type { Target } from '../../target/target.ts';
import { systemClock } from '../../time/clock.ts';
import { renderCount } from '../../units/rate.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { livePlan } from '../live/live-plan.ts';
import { createStderrProgress } from '../live/progress.ts';
import type { ParsedLine } from '../options/command-line.ts';
import { mustBeLoopback, mustHaveRows, readTargetChoice } from '../options/target-choice.ts';
import { mustBeWritable, saveReports } from '../output/report-files.ts';
import { mustWantMachines, withMachines } from './agents/want-machines.ts';
import { createFindPlan } from './options/find-plan.ts';
import { mustExportNearby, mustOpenOutputs } from './options/live-outputs.ts';
import { withTarget } from './options/with-target.ts';
import { FIND_SPEC } from './specs/find-spec.ts';

export async function find(line: ParsedLine<typeof FIND_SPEC.options>): Promise<ExitCode> {
  const { values } = line;
  const choice = mustBeLoopback(
    readTargetChoice(line.positionals[0], values),
    values['allow-remote-target'] ?? false,
  );
  mustExportNearby(values.out ?? [], values['allow-remote-target']);
  const plan = await createFindPlan(values, hubAhead(choice), values.agents !== undefined);
  const wanted = mustWantMachines(values, plan.base, 1);
  mustHaveRows(choice, plan.planAt(plan.search.most).cohorts);
  const output = values.output ?? 'reports';
  mustBeWritable(output);
  const isQuiet = values['no-progress'] ?? false;
  // Live numbers only where they can be redrawn; elsewhere one line per step is enough.
  const progress = createStderrProgress({ isRedrawWanted: !isQuiet, otherwise: 'none' });
  const outputs = await mustOpenOutputs(FIND_SPEC.program, values.out ?? [], progress.say);
  let isWhole = false;
  const work = async (target: Target, interruption: AbortSignal) => {
    if (!target.abilities.broadcast) {
      console.error(
        `${FIND_SPEC.program}: a search needs a hub that can be made to broadcast: ${target.abilities.missing.broadcast}`,
      );
      return EXIT_CODE.target;
    }
    const budgetMillis = values.budget ?? DEFAULT_BUDGET_MILLIS;
    const search = (machines: Machines | undefined) =>
      searchHub({
        runLoad: machines?.run,
        plan,
        choice,
        target,
        budgetMillis,
        interruption,
        kitVersion: kitVersion(),
        clock: systemClock,
        onStepBegin: (stepPlan, hub) =>
          progress.begin(livePlan(stepPlan, hub, levelWords(stepPlan), machines && [])),
        onProgress(view) {
          progress.show(view);
          outputs.take(view);
        },
        onStepEnd: progress.end,
        onStep(steps, answer) {
          const step = steps.at(-1);
          if (isQuiet || !step) return;
          console.error(stepLine(step, plan.vary));
          if (answer.kind === 'capacity')
            console.error(`${' '.repeat(20)}so far: ${answerLine(answer, plan.vary)}`);
        },
      });
    const outcome = await withMachines(wanted, FIND_SPEC.program, progress.say, search);
    if (outcome === undefined) return EXIT_CODE.inconclusive;
    const { result, hasTargetFailed, cannotRun } = outcome;
    if (cannotRun !== undefined) {
      console.error(`${FIND_SPEC.program}: --agents: ${cannotRun}`);
      return EXIT_CODE.inconclusive;
    }
    isWhole = !result.partial;
    report(result, output);
    return hasTargetFailed ? EXIT_CODE.target : EXIT_CODE[result.verdict];
  };
  try {
    return await withTarget(
      FIND_SPEC.program,
      await startChosenTarget(choice, {
        clientBufferMessages: values['client-buffer'],
        compression: values.compression,
      }),
      work,
      progress.say,
    );
  } finally {
    await outputs.end(isWhole ? 'whole' : 'partial');
  }
}

function levelWords({ ratePerSecond, cohorts }: LoadPlan): string {
  const clients = countClients(cohorts);
  return `${ratePerSecond === undefined ? '' : `${renderCount(ratePerSecond)}/s to `}${renderCount(clients)} clients of `;
}

function report(result: FindResult, output: string): void {
  console.log(renderFindTerminal(result));
  const files = [
    { name: 'find.json', text: `${JSON.stringify(result, null, 1)}\n` },
    { name: 'find.md', text: renderFindMarkdown(result) },
  ];
  saveReports(FIND_SPEC.program, output, files, (line) => console.log(`\n${line}`));
}
