// norn-conformance explore: searches for bugs that no check lists, or replays what such a search has found.
import { join } from 'node:path';
import { parseKnownFindings } from '../../../conformance/explore/known-findings.ts';
import {
  parseProgramFile,
  type Replayed,
  renderProgramFile,
} from '../../../conformance/explore/program/program.ts';
import type { ExploreResult } from '../../../conformance/explore/result.ts';
import { explore } from '../../../conformance/explore/search/explore.ts';
import { replayPrograms } from '../../../conformance/explore/search/replay.ts';
import type { KnownFailing } from '../../../conformance/known-failing.ts';
import type { Settings } from '../../../conformance/run/settings.ts';
import { MAX_DATA_BYTES } from '../../../files/limited-file.ts';
import { kitVersion } from '../../../kit/kit-version.ts';
import { EXPLORE_REPORTERS, type ExploreReporter } from '../../../report/explore/reporter-names.ts';
import { EXPLORE_FORMS } from '../../../report/explore/reporters.ts';
import { systemClock } from '../../../time/clock.ts';
import type { ExitCode } from '../../exit-code.ts';
import type { ParsedLine } from '../../options/command-line.ts';
import { printReport } from '../../output/print-report.ts';
import { reportProblems, saveReports, writeReports } from '../../output/report-files.ts';
import { rerunCommand } from '../../output/rerun-command.ts';
import { createLiveLine, onHub, readHubSettings } from '../on-hub.ts';
import { DEFAULT_FIXTURE_FOLDER, readKnownFailingText, readText, unwrap } from '../settings.ts';
import { EXPLORE_SPEC, type ExploreValues } from './spec.ts';

const { program: NAME } = EXPLORE_SPEC;
const DEFAULT_TIME_MILLIS = 60_000;

export async function runExplore({
  values,
  positionals,
  argv,
}: ParsedLine<typeof EXPLORE_SPEC.options>): Promise<ExitCode> {
  const replayed = readReplayed(values.program);
  const knownFailing = readKnown(values['known-failing']);
  const settings = readSettings(values, argv);
  return onHub({ program: NAME, url: positionals[0], values }, async ({ target, signal }) => {
    const line = createLiveLine();
    const options = {
      target,
      settings,
      knownFailing,
      clock: systemClock,
      timeMillis: values.time ?? DEFAULT_TIME_MILLIS,
      kit: { name: 'norn-loadtest', version: kitVersion() },
      command: `${again(argv, NAME, ['seed', 'reporter', 'output'])} --seed ${settings.seed}`,
      signal,
      onProgress: (ran: number, findings: number) => line.show(`${ran} programs, ${findings} findings`),
    };
    const result = replayed === undefined ? await explore(options) : await replayPrograms(replayed, options);
    line.end();
    deliver(result, values, replayed === undefined);
    return result.verdict;
  });
}

function readReplayed(file: string | undefined): Replayed | undefined {
  if (file === undefined) return undefined;
  return unwrap(parseProgramFile(readText(file, '--program', MAX_DATA_BYTES)), `--program ${file}`);
}

function readKnown(file: string | undefined): readonly KnownFailing[] {
  if (file === undefined) return [];
  return unwrap(parseKnownFindings(readKnownFailingText(file)), `--known-failing ${file}`);
}

function readSettings(values: ExploreValues, argv: readonly string[]): Settings {
  const folder = values.output ?? DEFAULT_FIXTURE_FOLDER;
  return {
    ...readHubSettings(values),
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
  const { problems } = saveReports(NAME, output, files, console.error);
  if (problems.length > 0 && !chosen.has('terminal'))
    printReport('terminal', EXPLORE_FORMS.terminal.render(result));
}

function keepFindings({ findings }: ExploreResult, folder: string): void {
  const files = findings.map(({ fileName, title, kind, repeat, programs }) => ({
    name: fileName,
    text: renderProgramFile(title, { shows: kind, repeat, programs }),
  }));
  const { paths, problems } = writeReports(folder, files);
  for (const path of paths) console.error(`${NAME}: kept as ${path}`);
  reportProblems(NAME, problems);
}
