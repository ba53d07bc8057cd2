// norn-conformance explore: searches for bugs that no check lists, or replays what such a search has found.
import { join } from 'node:path';
import { parseKnownFindings } from '../../../conformance/explore/known-findings.ts';
import {
  type Program,
  parseProgramFile,
  renderProgramFile,
} from '../../../conformance/explore/program/program.ts';
import type { ExploreResult } from '../../../conformance/explore/result.ts';
import { explore } from '../../../conformance/explore/search/explore.ts';
import { replayPrograms } from '../../../conformance/explore/search/replay.ts';
import type { KnownFailing } from '../../../conformance/known-failing.ts';
import { createSettings, type Settings } from '../../../conformance/run/settings.ts';
import { MAX_DATA_BYTES, readLimitedFile } from '../../../files/limited-file.ts';
import { kitVersion } from '../../../kit/kit-version.ts';
import { EXPLORE_REPORTERS, type ExploreReporter } from '../../../report/explore/reporter-names.ts';
import { EXPLORE_FORMS } from '../../../report/explore/reporters.ts';
import { startChosenTarget } from '../../../target/choose-target.ts';
import { systemClock } from '../../../time/clock.ts';
import { EXIT_CODE, type ExitCode } from '../../exit-code.ts';
import { interruptOnSignal } from '../../interruption.ts';
import type { ParsedLine } from '../../options/command-line.ts';
import { mustBeLoopback, readTargetChoice } from '../../options/target-choice.ts';
import { UsageError } from '../../options/usage-error.ts';
import { printReport } from '../../output/print-report.ts';
import { mustBeWritable, saveReports, writeReports } from '../../output/report-files.ts';
import { rerunCommand } from '../../output/rerun-command.ts';
import { writeTrusted } from '../../output/streams.ts';
import { DEFAULT_FIXTURE_FOLDER, unwrap } from '../settings.ts';
import { EXPLORE_SPEC, type ExploreValues } from './spec.ts';

const { program: NAME } = EXPLORE_SPEC;
const DEFAULT_TIME_MILLIS = 60_000;

export async function runExplore({
  values,
  positionals,
  argv,
}: ParsedLine<typeof EXPLORE_SPEC.options>): Promise<ExitCode> {
  const programs = readPrograms(values.program);
  const knownFailing = readKnown(values['known-failing']);
  const settings = readSettings(values, argv);
  const choice = mustBeLoopback(readTargetChoice(positionals[0], values), values['allow-remote-target']);
  if (values.output !== undefined) mustBeWritable(values.output);
  const start = await startChosenTarget(choice, {
    clientBufferMessages: values['client-buffer'],
    allowedOrigins: values['allowed-origin'],
    pingIntervalMillis: values['ping-interval'],
  });
  if (!start.ok) {
    console.error(`${NAME}: ${start.problem}`);
    return EXIT_CODE.target;
  }
  if (start.notice) console.error(`${NAME}: note: ${start.notice}`);
  const signal = interruptOnSignal(NAME);
  const progress = createProgress();
  try {
    const options = {
      target: start.target,
      settings,
      knownFailing,
      clock: systemClock,
      timeMillis: values.time ?? DEFAULT_TIME_MILLIS,
      kit: { name: 'norn-loadtest', version: kitVersion() },
      command: `${again(argv, NAME, ['seed', 'reporter', 'output'])} --seed ${settings.seed}`,
      signal,
      onProgress: progress.show,
    };
    const result = programs === undefined ? await explore(options) : await replayPrograms(programs, options);
    progress.end();
    deliver(result, values, programs === undefined);
    return signal.aborted ? EXIT_CODE.interrupted : EXIT_CODE[result.verdict];
  } finally {
    await start.target.close();
  }
}

function readPrograms(file: string | undefined): readonly Program[] | undefined {
  if (file === undefined) return undefined;
  return unwrap(parseProgramFile(readText(file, '--program')), `--program ${file}`).programs;
}

function readKnown(file: string | undefined): readonly KnownFailing[] {
  if (file === undefined) return [];
  return unwrap(parseKnownFindings(readText(file, '--known-failing')), `--known-failing ${file}`);
}

function readText(file: string, flag: string): string {
  const text = readLimitedFile(file, MAX_DATA_BYTES);
  if (!text.ok) throw new UsageError(`${flag}: cannot read ${file}: ${text.problem}`);
  return text.value;
}

function readSettings(values: ExploreValues, argv: readonly string[]): Settings {
  const folder = values.output ?? DEFAULT_FIXTURE_FOLDER;
  return {
    ...createSettings({
      clientBufferMessages: values['client-buffer'],
      kickDeadlineMillis: values['kick-deadline'],
      allowedOrigins: values['allowed-origin'],
      pingIntervalMillis: values['ping-interval'],
      seed: values.seed,
    }),
    replayCommand: (fileName) =>
      again(argv, `${NAME} --program ${join(folder, fileName)}`, NOT_ABOUT_THE_HUB),
  };
}

const NOT_ABOUT_THE_HUB = ['time', 'seed', 'program', 'known-failing', 'reporter', 'output'];

function again(argv: readonly string[], program: string, dropped: readonly string[]): string {
  return rerunCommand({ program, options: EXPLORE_SPEC.options, argv, environment: process.env, dropped });
}

/** The terminal form goes to the log, the others to files, or to the log where there is no folder. */
function deliver(result: ExploreResult, { reporter, output }: ExploreValues, isSearch: boolean): void {
  const chosen = new Set<ExploreReporter>(reporter ?? ['terminal']);
  for (const name of chosen)
    if (output === undefined || name === 'terminal') printReport(name, EXPLORE_FORMS[name].render(result));
  const folder = output ?? DEFAULT_FIXTURE_FOLDER;
  if (isSearch) keepFindings(result, folder);
  if (output === undefined) return;
  const names = reporter === undefined ? EXPLORE_REPORTERS : [...chosen];
  const files = names.map((name) => ({
    name: EXPLORE_FORMS[name].fileName,
    text: EXPLORE_FORMS[name].render(result),
  }));
  saveReports(NAME, output, files, console.error);
}

function keepFindings({ findings }: ExploreResult, folder: string): void {
  const files = findings.map(({ fileName, title, programs }) => ({
    name: fileName,
    text: renderProgramFile(title, programs),
  }));
  const { paths, problems } = writeReports(folder, files);
  for (const path of paths) console.error(`${NAME}: kept as ${path}`);
  for (const problem of problems) console.error(`${NAME}: ${problem}; choose another folder with --output`);
}

/** One live line on a terminal; nothing elsewhere. */
function createProgress() {
  const isShown = process.stderr.isTTY === true && !process.env.CI;
  return {
    show(programs: number, findings: number): void {
      if (isShown) writeTrusted(process.stderr, `\r\u001b[2K${programs} programs, ${findings} findings`);
    },
    end(): void {
      if (isShown) writeTrusted(process.stderr, '\r\u001b[2K');
    },
  };
}
