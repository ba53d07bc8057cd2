// norn-conformance without a command: lists or explains checks, or judges a hub.
import type { KnownFailing } from '../../conformance/known-failing.ts';
import { CHECKS } from '../../conformance/registry.ts';
import { runConformance } from '../../conformance/run/run-conformance.ts';
import { findCheck, selectChecks } from '../../conformance/run/selection.ts';
import type { Settings } from '../../conformance/run/settings.ts';
import { kitVersion } from '../../kit/kit-version.ts';
import { renderCheckList, renderExplanation } from '../../report/conformance/check-pages.ts';
import { type ChosenTarget, startChosenTarget } from '../../target/choose-target.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { interruptOnSignal } from '../interruption.ts';
import type { ParsedLine } from '../options/command-line.ts';
import { mustBeLoopback, readTargetChoice } from '../options/target-choice.ts';
import { mustBeWritable } from '../output/report-files.ts';
import { writeTrusted } from '../output/streams.ts';
import { deliverReports } from './deliver.ts';
import { commandOf, readKnownFailing, readSettings, unwrap } from './settings.ts';
import { SPEC, type Values } from './spec.ts';

export async function judge({
  values,
  positionals,
  argv,
}: ParsedLine<typeof SPEC.options>): Promise<ExitCode> {
  if (values.explain !== undefined)
    return print(renderExplanation(unwrap(findCheck(CHECKS, values.explain), '--explain')));
  const { only, skip, level } = values;
  const selected = unwrap(
    selectChecks(CHECKS, { only, skip, level }),
    only === undefined ? '--skip' : '--only',
  );
  if (values.list) return print(renderCheckList(selected));
  const known = readKnownFailing(values['known-failing']);
  const settings = readSettings(values, argv);
  const choice = mustBeLoopback(readTargetChoice(positionals[0], values), values['allow-remote-target']);
  if (values.output !== undefined) mustBeWritable(values.output);
  const start = await startChosenTarget(choice, {
    clientBufferMessages: values['client-buffer'],
    allowedOrigins: values['allowed-origin'],
    pingIntervalMillis: values['ping-interval'],
  });
  return judgeTarget(start, { values, settings, known, selected, command: commandOf(argv, settings) });
}

interface Run {
  readonly values: Values;
  readonly settings: Settings;
  readonly known: readonly KnownFailing[];
  readonly selected: typeof CHECKS;
  readonly command: string;
}

async function judgeTarget(start: ChosenTarget, run: Run): Promise<ExitCode> {
  if (!start.ok) {
    console.error(`${SPEC.program}: ${start.problem}`);
    return EXIT_CODE.target;
  }
  if (start.notice) console.error(`${SPEC.program}: note: ${start.notice}`);
  const { target } = start;
  const interruption = interruptOnSignal(SPEC.program);
  const progress = createCounter(run.selected.length);
  try {
    const result = await runConformance({
      checks: run.selected,
      target,
      settings: run.settings,
      kit: { name: 'norn-loadtest', version: kitVersion() },
      command: run.command,
      strict: run.values.strict ?? false,
      knownFailing: run.known,
      signal: interruption,
      onResult: ({ id }) => progress.count(id),
    });
    progress.end();
    deliverReports(result, run.values, run.settings.replayCommand);
    return interruption.aborted ? EXIT_CODE.interrupted : EXIT_CODE[result.verdict];
  } finally {
    await target.close();
  }
}

/** One live line on a terminal; nothing elsewhere. */
function createCounter(total: number) {
  const isShown = process.stderr.isTTY === true && !process.env.CI;
  let done = 0;
  return {
    count(id: string): void {
      done++;
      if (isShown) writeTrusted(process.stderr, `\r\u001b[2K${done}/${total} ${id}`);
    },
    end(): void {
      if (isShown) writeTrusted(process.stderr, '\r\u001b[2K');
    },
  };
}

function print(words: string): ExitCode {
  console.log(words);
  return EXIT_CODE.passed;
}
