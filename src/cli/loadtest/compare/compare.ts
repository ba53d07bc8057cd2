// norn-loadtest compare: whether the run in the second loadtest.json was worse than that in the first.
import { kitVersion } from '../../../kit/kit-version.ts';
import { compareRuns } from '../../../load/compare/compare-runs.ts';
import { renderLoadtestHtml } from '../../../report/loadtest/html/page.ts';
import type { ExitCode } from '../../exit-code.ts';
import type { ParsedLine } from '../../options/command-line.ts';
import { UsageError } from '../../options/usage-error.ts';
import { mustReadLoadtest } from '../options/read-result.ts';
import { COMPARE_SPEC } from '../specs/compare-spec.ts';
import { readSettings, reportComparison } from './compare-report.ts';

export async function compare(line: ParsedLine<typeof COMPARE_SPEC.options>): Promise<ExitCode> {
  const [fileA, fileB] = line.positionals;
  if (fileA === undefined || fileB === undefined)
    throw new UsageError(
      `expected two files, A and B (usage: ${COMPARE_SPEC.program} ${COMPARE_SPEC.usage})`,
    );
  const [a, b] = [mustReadLoadtest(fileA), mustReadLoadtest(fileB)];
  const settings = readSettings(line.values, line.values.seed);
  const result = compareRuns(
    { label: fileA, result: a },
    { label: fileB, result: b },
    settings,
    kitVersion(),
  );
  const pages = line.values.html ? [{ name: 'compare.html', text: renderLoadtestHtml([a, b]) }] : [];
  return reportComparison(COMPARE_SPEC.program, result, line.values, pages);
}
