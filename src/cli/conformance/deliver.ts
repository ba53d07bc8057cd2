// Where the reports on a conformance run go: the log, the job's summary, and the folder of --output.
import type { ConformanceResult } from '../../conformance/result.ts';
import {
  CONFORMANCE_REPORTERS,
  type ConformanceReporter,
  REPORTER_FORMS,
} from '../../report/conformance/reporters.ts';
import { saveReports, writeReports } from '../output/report-files.ts';
import { appendStepSummary } from '../output/step-summary.ts';
import { DEFAULT_FIXTURE_FOLDER } from './settings.ts';
import { SPEC, type Values } from './spec.ts';

/** These speak to whoever watches the log; the others are files, unless there is no folder for them. */
const FOR_THE_LOG: readonly ConformanceReporter[] = ['table', 'github'];

export function deliverReports(result: ConformanceResult, { reporter, output }: Values): void {
  const chosen = new Set<ConformanceReporter>(reporter ?? ['table']);
  for (const name of chosen) {
    if (output === undefined || FOR_THE_LOG.includes(name))
      process.stdout.write(REPORTER_FORMS[name].render(result));
  }
  const unwritten = chosen.has('github')
    ? appendStepSummary(REPORTER_FORMS.markdown.render(result), process.env)
    : undefined;
  if (unwritten !== undefined) console.error(`${SPEC.program}: ${unwritten}`);
  writeFixtures(result, output ?? DEFAULT_FIXTURE_FOLDER);
  if (output === undefined) return;
  const names = reporter === undefined ? CONFORMANCE_REPORTERS : [...chosen];
  const files = names.map((name) => {
    const { fileName, render } = REPORTER_FORMS[name];
    return { name: fileName, text: render(result) };
  });
  saveReports(SPEC.program, output, files, console.error);
}

/** What chance found is worth keeping. */
function writeFixtures({ checks }: ConformanceResult, folder: string): void {
  const files = checks.flatMap(({ fixture }) =>
    fixture === undefined ? [] : [{ name: fixture.fileName, text: fixture.yaml }],
  );
  const { paths, problems } = writeReports(folder, files);
  for (const path of paths) console.error(`${SPEC.program}: what failed is kept as ${path}`);
  for (const problem of problems)
    console.error(`${SPEC.program}: ${problem}; choose another folder with --output`);
}
