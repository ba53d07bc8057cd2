// Flags, reports and the exit code that compare and ab share.
import type { CompareResult, CompareSettings } from '../../../load/compare/compare-result.ts';
import { renderCompareMarkdown, renderCompareTerminal } from '../../../report/compare/summary.ts';
import { parsed, unparsed } from '../../../units/parsed.ts';
import { EXIT_CODE, type ExitCode } from '../../exit-code.ts';
import type { OptionValues } from '../../options/command-line.ts';
import { choice, single, text } from '../../options/option.ts';
import { type ReportFile, saveReports } from '../../output/report-files.ts';

const share = (describe: string, least: number, most: number) =>
  single(describe, 'SHARE', (word) => {
    const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(word)?.[1]);
    return percent >= least && percent <= most
      ? parsed(percent / 100)
      : unparsed<number>(`expected ${least}% to ${most}%, got "${word}"`);
  });

export const COMPARE_OPTIONS = {
  'fail-on': choice<'worse'>('Exit with 1 when something is worse', 'WHAT', ['worse']),
  difference: share('Smallest difference that counts [5%]', 0, 1_000),
  confidence: share(
    'Confidence of the intervals; a higher one reports fewer differences by chance [99%]',
    50,
    99.9,
  ),
  output: text('Folder for compare.json and compare.md [reports]', 'DIR'),
} as const;

type CompareValues = OptionValues<typeof COMPARE_OPTIONS>;

export const COMPARE_EXIT_CODES = [
  [0, 'compared; with --fail-on worse: nothing is worse'],
  [1, 'with --fail-on worse: something is worse'],
  [2, 'bad usage or bad file'],
] as const;

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
