#!/usr/bin/env node
// norn-loadtest: thousands of fast and slow clients against a hub, and a verdict.
import { findObstacles } from '../load/preflight.ts';
import type { LoadtestResult } from '../load/result.ts';
import { runLoadTest } from '../load/run.ts';
import { renderLoadtestMarkdown } from '../report/loadtest-markdown.ts';
import { renderLoadtestTerminal } from '../report/loadtest-terminal.ts';
import { type ChosenTarget, startChosenTarget } from '../target/choose-target.ts';
import { refuseNonLoopback } from '../target/refuse-non-loopback.ts';
import type { Target } from '../target/target.ts';
import { systemClock } from '../time/clock.ts';
import { nearestWord } from '../units/nearest.ts';
import { packageVersion, parseCommandLine, runProgram, UsageError } from './command-line.ts';
import { runDoctor } from './doctor.ts';
import { EXIT_CODE, type ExitCode } from './exit-code.ts';
import { createPlan, PLAN_OPTIONS, readPlanFile } from './load-plan.ts';
import { flag, text } from './option.ts';
import { createProgress } from './progress.ts';
import { writeReports } from './report-files.ts';
import { readTargetChoice, TARGET_OPTIONS } from './target-options.ts';

/** A hub that pings often shows within a run who does not answer. */
const REFERENCE_PING_INTERVAL_MILLIS = 3_000;
const COMMANDS = ['run', 'doctor'];

const SPEC = {
  program: 'norn-loadtest',
  usage: '[run] [URL | PLAN.yaml] [options]  |  norn-loadtest doctor',
  describe:
    'Loads a hub with fast and deliberately slow clients while deploys, restarts and scalings are replayed, and says\nwhether it held. Without a URL it starts the reference hub. "doctor" says what this machine can carry.',
  maxPositionals: 2,
  options: {
    ...PLAN_OPTIONS,
    ...TARGET_OPTIONS,
    'allow-remote-target': {
      ...flag('Load a host that is not this machine; only one that is yours to load'),
      group: 'Hub under test:',
    },
    output: text('Folder for loadtest.json and loadtest.md [reports]', 'DIR'),
    progress: flag('Live numbers while it runs [on]; --no-progress for none'),
    'no-progress': flag('No live numbers'),
  },
  examples: [
    ['norn-loadtest', 'the default plan against the reference hub'],
    ['norn-loadtest ws://127.0.0.1:8800/ws --clients 5000 --duration 1m', 'your hub, 5,000 fast clients'],
    [
      "norn-loadtest --clients 500 --cohort 'stalled=50:stall(after=100)' --threshold 'latency{cohort=fast}.p99<50ms'",
      'with a limit',
    ],
  ],
} as const;

await runProgram(SPEC.program, async (argv) => {
  const line = await parseCommandLine(SPEC, argv, process.env);
  if (line.kind === 'print') {
    console.log(line.text);
    return EXIT_CODE.held;
  }
  const { command, what } = readPositionals(line.positionals);
  if (command === 'doctor') return runDoctor();
  const isUrl = what === undefined || /^wss?:\/\//.test(what);
  const planFile = isUrl ? undefined : readPlanFile(what);
  const given = Object.fromEntries(Object.entries(line.values).filter(([, value]) => value !== undefined));
  const values = { ...line.values, ...planFile?.values, ...given } as typeof line.values;
  const plan = createPlan(values);
  const choice = readTargetChoice(isUrl ? what : planFile?.url, values);
  const url = 'url' in choice ? choice.url : undefined;
  if (url !== undefined) {
    const allowed = refuseNonLoopback(url, values['allow-remote-target'] ?? false);
    if (!allowed.ok) throw new UsageError(allowed.problem);
  }
  const clients = plan.cohorts.reduce((total, cohort) => total + cohort.clients, 0);
  const obstacles = await findObstacles({ clients, workers: plan.workers, hubPid: values.pid });
  if (obstacles.length > 0) throw new UsageError(`--clients: ${obstacles.join('; ')}`);
  const start = await startChosenTarget(choice, { pingIntervalMillis: REFERENCE_PING_INTERVAL_MILLIS });
  return runAgainst(
    start,
    plan,
    values.output ?? 'reports',
    !(values['no-progress'] ?? values.progress === false),
  );
});

function readPositionals(positionals: readonly string[]): { command: string; what: string | undefined } {
  const [first, second] = positionals;
  if (first !== undefined && COMMANDS.includes(first)) {
    if (first === 'doctor' && second !== undefined)
      throw new UsageError(`doctor takes no argument, not ${second}`);
    return { command: first, what: second };
  }
  if (second !== undefined)
    throw new UsageError(`${first}: no such command; there are ${COMMANDS.join(', ')}`);
  if (first !== undefined && /^[a-z-]+$/.test(first)) {
    const meant = nearestWord(first, COMMANDS);
    throw new UsageError(
      `${first}: no such command${meant ? `; did you mean ${meant}?` : `; there are ${COMMANDS.join(', ')}, or give a URL or a plan file`}`,
    );
  }
  return { command: 'run', what: first };
}

async function runAgainst(
  start: ChosenTarget,
  plan: Parameters<typeof runLoadTest>[0]['plan'],
  output: string,
  isProgressWanted: boolean,
): Promise<ExitCode> {
  if (!start.ok) {
    console.error(`${SPEC.program}: ${start.problem}`);
    return EXIT_CODE.target;
  }
  if (start.notice) console.error(`${SPEC.program}: note: ${start.notice}`);
  const { target } = start;
  const interruption = interruptOnSignal(target);
  const progress = createProgress(
    {
      write: (chunk) => process.stderr.write(chunk),
      isTerminal: process.stderr.isTTY === true && !process.env.CI,
      columns: process.stderr.columns ?? 80,
    },
    isProgressWanted,
  );
  try {
    const result = await runLoadTest({
      target,
      plan,
      kitVersion: packageVersion(),
      clock: systemClock,
      interruption,
      onProgress: (view) => progress.show(view),
    });
    progress.end();
    report(result, output);
    return interruption.aborted ? EXIT_CODE.interrupted : exitCodeOf(result);
  } finally {
    await target.close();
  }
}

/** The first signal ends the run with a partial report; the second ends the program at once. */
function interruptOnSignal(target: Target): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT_CODE.interrupted);
      console.error(`\n${SPEC.program}: stopping; what was measured is reported (again to stop at once)`);
      controller.abort();
    });
  }
  void target.died.catch(() => {});
  return controller.signal;
}

function report(result: LoadtestResult, output: string): void {
  console.log(renderLoadtestTerminal(result));
  const written = writeReports(output, [
    { name: 'loadtest.json', text: `${JSON.stringify(result, null, 1)}\n` },
    { name: 'loadtest.md', text: renderLoadtestMarkdown(result) },
  ]);
  if (written.paths.length > 0) console.log(`\nreports: ${written.paths.join('  ')}`);
  for (const problem of written.problems)
    console.error(`${SPEC.program}: ${problem}; choose another folder with --output`);
}

function exitCodeOf({ verdict }: LoadtestResult): ExitCode {
  return {
    held: EXIT_CODE.held,
    failed: EXIT_CODE.failed,
    undecided: EXIT_CODE.undecided,
    'target-failed': EXIT_CODE.target,
  }[verdict];
}
