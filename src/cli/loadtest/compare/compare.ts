// norn-loadtest compare: whether the run in the second loadtest.json was worse than that in the first.
import { kitVersion } from '../../../kit/kit-version.ts';
import { compareRuns } from '../../../load/compare/compare-runs.ts';
import { renderLoadtestHtml } from '../../../report/loadtest/html/page.ts';
import { EXIT_CODE, type ExitCode } from '../../exit-code.ts';
import { parseCommandLine } from '../../options/command-line.ts';
import { flag, integer } from '../../options/option.ts';
import { UsageError } from '../../options/usage-error.ts';
import type { Command } from '../options/command.ts';
import { mustReadLoadtest } from '../options/read-result.ts';
import { COMPARE_EXIT_CODES, COMPARE_OPTIONS, readSettings, reportComparison } from './compare-report.ts';

const SPEC = {
  program: 'norn-loadtest compare',
  usage: 'A.json B.json [options]',
  describe:
    'Compares two runs (loadtest.json) metric by metric: the ratio of B to A with its interval, and whether B is better, the same or worse. To compare two hubs, norn-loadtest ab is fairer, because it loads them in turn.',
  maxPositionals: 2,
  options: {
    ...COMPARE_OPTIONS,
    html: flag('Also write DIR/compare.html: the charts of both runs on one page'),
    seed: integer('Random seed of the intervals [1]', 'N', 0, 2 ** 31 - 1),
  },
  examples: [
    ['norn-loadtest compare before/loadtest.json after/loadtest.json', 'what changed'],
    ['norn-loadtest compare main.json branch.json --fail-on worse', 'in CI'],
  ],
  exitCodes: [...COMPARE_EXIT_CODES, [4, 'inconclusive: nothing could be judged']],
} as const;

export const compareCommand: Command = {
  name: 'compare',
  summary: 'compare two loadtest.json: is the second better, the same or worse?',
  spec: SPEC,
  run: compare,
};

async function compare(argv: readonly string[]): Promise<ExitCode> {
  const line = await parseCommandLine(SPEC, argv, process.env);
  if (line.kind === 'print') {
    console.log(line.text);
    return EXIT_CODE.passed;
  }
  const [fileA, fileB] = line.positionals;
  if (fileA === undefined || fileB === undefined)
    throw new UsageError(`expected two files, A and B (usage: ${SPEC.program} ${SPEC.usage})`);
  const [a, b] = [mustReadLoadtest(fileA), mustReadLoadtest(fileB)];
  const settings = readSettings(line.values, line.values.seed);
  const result = compareRuns(
    { label: fileA, result: a },
    { label: fileB, result: b },
    settings,
    kitVersion(),
  );
  const pages = line.values.html ? [{ name: 'compare.html', text: renderLoadtestHtml([a, b]) }] : [];
  return reportComparison(SPEC.program, result, line.values, pages);
}
