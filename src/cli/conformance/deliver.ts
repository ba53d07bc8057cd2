// Where the reports of a conformance run go: the log, the job summary, and the folder of --output.
import type { ConformanceResult } from '../../conformance/result.ts';
import type { Settings } from '../../conformance/run/settings.ts';
import { CONFORMANCE_REPORTERS, type ConformanceReporter } from '../../report/conformance/reporter-names.ts';
import { REPORTER_FORMS } from '../../report/conformance/reporters.ts';
import { printReport } from '../output/print-report.ts';
import { reportProblems, saveReports, writeReports } from '../output/report-files.ts';
import { appendStepSummary } from '../output/step-summary.ts';
import { reportUnwritten } from '../output/unwritten.ts';
import { DEFAULT_FIXTURE_FOLDER } from './settings.ts';
import { SPEC, type Values } from './spec.ts';

/** For readers of the log. The others are files, or go to the log when there is no folder for them. */
const FOR_THE_LOG: readonly ConformanceReporter[] = ['terminal', 'github'];

export function deliverReports(
  result: ConformanceResult,
  { reporter, output }: Values,
  replayCommand: Settings['replayCommand'],
): void {
  const chosen = new Set<ConformanceReporter>(reporter ?? ['terminal']);
  for (const name of chosen) {
    if (output === undefined || FOR_THE_LOG.includes(name))
      printReport(name, REPORTER_FORMS[name].render(result));
  }
  const unwritten = chosen.has('github')
    ? appendStepSummary(REPORTER_FORMS.markdown.render(result), process.env)
    : undefined;
  if (unwritten !== undefined) reportUnwritten(SPEC.program, unwritten);
  writeFixtures(result, output ?? DEFAULT_FIXTURE_FOLDER, replayCommand);
  if (output === undefined) return;
  const names = reporter === undefined ? CONFORMANCE_REPORTERS : [...chosen];
  const files = names.map((name) => {
    const { fileName, render } = REPORTER_FORMS[name];
    return { name: fileName, text: render(result) };
  });
  const { problems } = saveReports(SPEC.program, output, files, console.error);
  if (problems.length > 0 && !chosen.has('terminal'))
    printReport('terminal', REPORTER_FORMS.terminal.render(result));
}

/** Random programs that failed, as a file, and the command that replays it. */
function writeFixtures(
  { checks }: ConformanceResult,
  folder: string,
  replayCommand: Settings['replayCommand'],
): void {
  for (const { id, fixture } of checks) {
    if (fixture === undefined) continue;
    const { fileName, yaml, program } = fixture;
    const { paths, problems } = writeReports(folder, [{ name: fileName, text: yaml }]);
    for (const path of paths)
      console.error(
        `${SPEC.program}: ${id}: kept as ${path}; replay it: ${replayCommand(fileName, program)}`,
      );
    reportProblems(SPEC.program, problems);
  }
}
