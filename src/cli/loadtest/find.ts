// norn-loadtest find: the capacity of a hub, as the largest event rate or number of clients at which the thresholds hold.
import { kitVersion } from '../../kit/kit-version.ts';
import type { FindResult } from '../../load/find/find-result.ts';
import { DEFAULT_BUDGET_MILLIS } from '../../load/find/plan-search.ts';
import { searchHub } from '../../load/find/search-hub.ts';
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
import { parseCommandLine } from '../options/command-line.ts';
import { flag, text } from '../options/option.ts';
import { mustBeLoopback, readTargetChoice } from '../options/target-choice.ts';
import { TARGET_OPTIONS } from '../options/target-options.ts';
import { mustBeWritable, saveReports } from '../output/report-files.ts';
import type { Command } from './options/command.ts';
import { createFindPlan, SEARCH_OPTIONS } from './options/find-plan.ts';
import { mustExportNearby, mustOpenOutputs, OUT_OPTION } from './options/live-outputs.ts';
import { REMOTE_OPTION, withTarget } from './options/with-target.ts';

const SUMMARY = 'find the largest event rate, or number of clients, that a hub sustains';

const SPEC = {
  program: 'norn-loadtest find',
  usage: '[URL] [options]',
  describe:
    'Searches the capacity of a hub: the largest event rate, or number of clients, at which the thresholds hold. It doubles the load until a level fails, then narrows the interval, and judges each level by more than one step. Without a URL it starts the reference hub. Without --threshold, fast clients must receive everything with a p99 below 100 ms.',
  maxPositionals: 1,
  options: {
    ...SEARCH_OPTIONS,
    ...TARGET_OPTIONS,
    ...REMOTE_OPTION,
    ...OUT_OPTION,
    output: text('Folder for find.json and find.md [reports]', 'DIR'),
    'no-progress': flag('Print no line for each step'),
  },
  examples: [
    ['norn-loadtest find --clients 500', 'how many events per second for 500 clients'],
    [
      "norn-loadtest find ws://127.0.0.1:8800/ws --vary clients --rate 50 --threshold 'latency{cohort=fast}.p99<50ms'",
      'how many clients at 50 events per second',
    ],
    ['norn-loadtest find --budget 3m --duration 2s', 'faster and less exact'],
  ],
  exitCodes: [
    [0, 'the capacity was found, or the highest level passed'],
    [1, 'no level met the thresholds'],
    [2, 'bad usage or bad file'],
    [3, 'the target could not be reached, or disappeared'],
    [4, 'inconclusive: the driver was the limit, or the budget was spent'],
    [130, 'interrupted; the answer from the steps so far is reported'],
  ],
} as const;

export const findCommand: Command = { name: 'find', summary: SUMMARY, spec: SPEC, run: find };

async function find(argv: readonly string[]): Promise<ExitCode> {
  const line = await parseCommandLine(SPEC, argv, process.env);
  if (line.kind === 'print') {
    console.log(line.text);
    return EXIT_CODE.passed;
  }
  const { values } = line;
  const choice = mustBeLoopback(
    readTargetChoice(line.positionals[0], values),
    values['allow-remote-target'] ?? false,
  );
  mustExportNearby(values.out ?? [], values['allow-remote-target']);
  const plan = await createFindPlan(values, values.pid);
  const output = values.output ?? 'reports';
  mustBeWritable(output);
  const isQuiet = values['no-progress'] ?? false;
  // Live numbers only where they can be redrawn; elsewhere one line per step is enough.
  const progress = createStderrProgress({ isRedrawWanted: !isQuiet, otherwise: 'none' });
  const outputs = await mustOpenOutputs(SPEC.program, values.out ?? [], progress.say);
  let isWhole = false;
  const work = async (target: Target, interruption: AbortSignal) => {
    if (!target.abilities.broadcast) {
      console.error(
        `${SPEC.program}: a search needs a hub that can be made to broadcast: ${target.abilities.missing.broadcast}`,
      );
      return EXIT_CODE.target;
    }
    const budgetMillis = values.budget ?? DEFAULT_BUDGET_MILLIS;
    const { result, hasTargetFailed } = await searchHub({
      plan,
      choice,
      target,
      budgetMillis,
      interruption,
      kitVersion: kitVersion(),
      clock: systemClock,
      onStepBegin: (stepPlan, hub) => progress.begin(livePlan(stepPlan, hub, levelWords(stepPlan))),
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
    isWhole = !result.partial;
    report(result, output);
    return hasTargetFailed ? EXIT_CODE.target : EXIT_CODE[result.verdict];
  };
  try {
    return await withTarget(
      SPEC.program,
      await startChosenTarget(choice, { clientBufferMessages: values['client-buffer'] }),
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
  saveReports(SPEC.program, output, files, (line) => console.log(`\n${line}`));
}
