// norn-loadtest shrink: a failing fixture made smaller while it still fails.
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createFixture, type Fixture } from '../../fixture/format/fixture.ts';
import { type FixtureFile, moveFixtureFile, renderFixtureFile } from '../../fixture/format/fixture-file.ts';
import { judgeFixture, type Outcome } from '../../fixture/judge/judge-fixture.ts';
import { runFixture } from '../../fixture/run/run-fixture.ts';
import { type Shrunk, shrinkFixture } from '../../fixture/shrink/shrink-fixture.ts';
import { startChosenTarget } from '../../target/choose-target.ts';
import type { TargetChoice } from '../../target/target-flags.ts';
import { systemClock } from '../../time/clock.ts';
import { renderDurationMillis } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';
import { renderBytes } from '../../units/size.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { interruptOnSignal } from '../interruption.ts';
import { parseCommandLine, UsageError } from '../options/command-line.ts';
import { duration, text } from '../options/option.ts';
import { readTargetChoice, TARGET_OPTIONS } from '../options/target-options.ts';
import { writeReports } from '../output/report-files.ts';
import type { Command } from './options/command.ts';
import { mustBeLoopback, REMOTE_OPTION } from './options/with-target.ts';
import { findFixtureFiles, mustLoad } from './replay.ts';

const SUMMARY = 'makes a failing fixture smaller while it still fails';
const DEFAULT_BUDGET_MILLIS = 100_000;
/** A hub that has not delivered within this is stuck: on loopback a delivery takes less than a millisecond. */
const DEFAULT_PATIENCE_MILLIS = 2_000;

const SPEC = {
  program: 'norn-loadtest shrink',
  usage: 'FIXTURE [URL] [options]',
  describe:
    'Tries smaller and smaller versions of a fixture (fewer clients, fewer events, smaller payloads, shorter waits) against the hub, keeps those that still fail in the same way in two of three tries, and writes the smallest.',
  maxPositionals: 2,
  options: {
    budget: duration('Time it may take [100s]', 1_000),
    patience: duration('How long the hub may take to deliver before it counts as stuck [2s]', 100),
    output: text('The smaller fixture [FIXTURE.small.yaml in this folder]', 'FILE'),
    ...TARGET_OPTIONS,
    ...REMOTE_OPTION,
  },
  examples: [["norn-loadtest shrink frozen.yaml --spawn './my-hub --port 0'", 'a fresh hub for every try']],
  exitCodes: [
    [0, 'the fixture still fails, and the smaller one is written'],
    [2, 'bad usage or bad file'],
    [3, 'the target could not be reached, or the adapter failed'],
    [4, 'the fixture does not fail on this hub, so that there is nothing to shrink'],
    [130, 'interrupted; the smallest so far is written'],
  ],
} as const;

export const shrinkCommand: Command = { name: 'shrink', summary: SUMMARY, run: shrink };

async function shrink(argv: readonly string[]): Promise<ExitCode> {
  const line = await parseCommandLine(SPEC, argv, process.env);
  if (line.kind === 'print') {
    console.log(line.text);
    return EXIT_CODE.passed;
  }
  const { values } = line;
  const [word, url] = line.positionals;
  if (word === undefined) throw new UsageError(`no fixture is named (usage: ${SPEC.program} ${SPEC.usage})`);
  const [path, ...others] = findFixtureFiles(word);
  if (path === undefined || others.length > 0) throw new UsageError(`${word}: shrink takes one fixture`);
  const { file } = mustLoad(path);
  const output = values.output ?? `${basename(path, '.yaml')}.small.yaml`;
  if (existsSync(output)) throw new UsageError(`--output: ${output} exists already; name another file`);
  const choice = readTargetChoice(url, values);
  mustBeLoopback(choice, values['allow-remote-target'] ?? false);

  const interruption = interruptOnSignal(SPEC.program);
  // A try that is running when the time is over is cut short, and counts for nothing.
  const { over, cancel } = endAfter(values.budget ?? DEFAULT_BUDGET_MILLIS, interruption);
  const lab = createLab(choice, values.patience ?? DEFAULT_PATIENCE_MILLIS, over);
  const shrunk = await shrinkFixture({
    file,
    folder: dirname(path),
    run: lab.run,
    isOver: () => over.aborted || lab.problem !== undefined,
    onStep: ({ what, isTaken }) => isTaken && console.error(`  smaller: ${what}`),
  }).finally(cancel);
  if (lab.problem !== undefined) {
    console.error(`${SPEC.program}: ${lab.problem}`);
    if (shrunk.stepsTaken === 0) return EXIT_CODE.target;
  }
  if (shrunk.broken.length === 0) {
    const why = over.aborted
      ? 'was not seen to fail twice before the time was over; give it more with --budget'
      : 'does not fail on this hub in two of three tries; nothing to shrink';
    console.error(`${SPEC.program}: ${word} ${why}`);
    return interruption.aborted ? EXIT_CODE.interrupted : EXIT_CODE.inconclusive;
  }
  write(file, shrunk, path, output);
  return interruption.aborted ? EXIT_CODE.interrupted : EXIT_CODE.passed;
}

/** Aborted after so long, or with `interruption`: Node 20 forgets an AbortSignal.timeout that only AbortSignal.any hears. */
function endAfter(millis: number, interruption: AbortSignal): { over: AbortSignal; cancel: () => void } {
  const ending = new AbortController();
  const timer = systemClock.after(millis, () => ending.abort());
  interruption.addEventListener('abort', () => ending.abort(), { once: true });
  return { over: ending.signal, cancel: () => timer.cancel() };
}

interface Lab {
  run(fixture: Fixture): Promise<readonly Outcome[] | undefined>;
  /** Why there is no hub any more. */
  readonly problem: string | undefined;
}

function createLab(choice: TargetChoice, patienceMillis: number, interruption: AbortSignal): Lab {
  let problem: string | undefined;
  return {
    get problem() {
      return problem;
    },
    async run(fixture) {
      const { clientBufferMessages, allowedOrigins, evictionGraceMillis } = fixture;
      const options = { clientBufferMessages, allowedOrigins, evictionGraceMillis };
      const start = await startChosenTarget(choice, options);
      if (!start.ok) {
        problem = start.problem;
        return undefined;
      }
      const { target } = start;
      void target.died.catch(() => {});
      try {
        return judgeFixture(
          await runFixture({
            fixture,
            target,
            clock: systemClock,
            interruption,
            patienceMillis,
            endsAtFirstMiss: true,
          }),
        );
      } finally {
        await target.close();
      }
    },
  };
}

function write(before: FixtureFile, shrunk: Shrunk, path: string, output: string): void {
  const file = moveFixtureFile(shrunk.file, dirname(path), dirname(output));
  const comment = [
    `Shrunk from ${basename(path)} in ${shrunk.stepsTaken} steps: ${describe(before, path)} became ${describe(shrunk.file, path)}.`,
    `What fails: ${shrunk.broken.join('; ')}.`,
    ...(shrunk.isMinimal ? [] : ['The time was over before every smaller one was tried.']),
  ].join('\n');
  const { problems } = writeReports(dirname(output), [
    { name: basename(output), text: renderFixtureFile(file, comment) },
  ]);
  for (const problem of problems) {
    console.error(`${SPEC.program}: ${problem}; here it is:\n`);
    console.log(renderFixtureFile(file, comment));
  }
  console.log(`${comment}\n${shrunk.runs} runs; written to ${join(dirname(output), basename(output))}`);
}

function describe(file: FixtureFile, path: string): string {
  const fixture = createFixture(file, dirname(path));
  if (!fixture.ok) return 'a fixture';
  const { events, clients } = fixture.value;
  const bytes = events.reduce(
    (sum, { leastBytes, envelope }) => sum + Math.max(leastBytes, JSON.stringify(envelope).length + 60),
    0,
  );
  const count = clients.reduce((sum, group) => sum + group.count, 0);
  const due = events.at(-1)?.dueMillis;
  return `${renderCount(events.length)} events (${renderBytes(bytes)}${due === undefined ? '' : `, ${renderDurationMillis(due)}`}) to ${count} clients`;
}
