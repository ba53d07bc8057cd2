// Settings, reports and the exit code that compare and ab share.
import type { CompareResult, CompareSettings } from '../../../load/compare/compare-result.ts';
import { renderCompareMarkdown, renderCompareTerminal } from '../../../report/compare/summary.ts';
import { EXIT_CODE, type ExitCode } from '../../exit-code.ts';
import { type ReportFile, saveReports } from '../../output/report-files.ts';
import type { CompareValues } from './compare-options.ts';

export function readSettings(values: CompareValues, seed: number | undefined): CompareSettings {
  return { confidence: values.confidence ?? 0.99, relevantShare: values.difference ?? 0.05, seed: seed ?? 1 };
}

export function reportComparison(
  program: string,
  result: CompareResult,
  values: CompareValues,
  pages: readonly ReportFile[] = [],
): ExitCode {
  console.log(renderCompareTerminal(result));
  const files = [
    { name: 'compare.json', text: `${JSON.stringify(result, null, 1)}\n` },
    { name: 'compare.md', text: renderCompareMarkdown(result) },
    ...pages,
  ];
  saveReports(program, values.output ?? 'reports', files, (line) => console.log(`\n${line}`));
  if (values['fail-on'] === 'worse' && result.verdict === 'worse') return EXIT_CODE.failed;
  return result.verdict === 'inconclusive' ? EXIT_CODE.inconclusive : EXIT_CODE.passed;
}
