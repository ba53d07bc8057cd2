// norn-loadtest report: renders a loadtest.json as a page, as Markdown, or on the terminal. Several files become one page
// that compares them.
import { renderLoadtestHtml } from '../../report/loadtest/html/page.ts';
import { renderLoadtestMarkdown, renderLoadtestTerminal } from '../../report/loadtest/summary.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { parseCommandLine } from '../options/command-line.ts';
import { flag, text } from '../options/option.ts';
import { UsageError } from '../options/usage-error.ts';
import { type ReportFile, saveReports } from '../output/report-files.ts';
import type { Command } from './options/command.ts';
import { mustReadLoadtest } from './options/read-result.ts';

/** More runs than this cannot be distinguished in a chart. */
const MAX_FILES = 8;

const SPEC = {
  program: 'norn-loadtest report',
  usage: 'FILE.json… [options]',
  describe:
    'Renders earlier results. Without an option it prints the summary; several files with --html become one page that compares them.',
  maxPositionals: MAX_FILES,
  options: {
    html: flag('Write DIR/loadtest.html'),
    markdown: flag('Write DIR/loadtest.md (of one file)'),
    output: text('Folder for what is written [reports]', 'DIR'),
  },
  examples: [
    ['norn-loadtest report reports/loadtest.json --html', 'the page of an old run'],
    ['norn-loadtest report before.json after.json --html', 'two runs on one page'],
  ],
} as const;

export const reportCommand: Command = {
  name: 'report',
  summary: 'render earlier results as a page, Markdown or text',
  spec: SPEC,
  run,
};

async function run(argv: readonly string[]): Promise<ExitCode> {
  const line = await parseCommandLine(SPEC, argv, process.env);
  if (line.kind === 'print') {
    console.log(line.text);
    return EXIT_CODE.passed;
  }
  const { html, markdown, output } = line.values;
  const files = line.positionals;
  if (files.length === 0) throw new UsageError('FILE.json: give at least one loadtest.json');
  if (markdown && files.length > 1)
    throw new UsageError(`--markdown: expected one file, got ${files.length}; --html compares several`);
  const results = files.map(mustReadLoadtest);
  if (!html && !markdown) for (const result of results) console.log(renderLoadtestTerminal(result));
  const reports: ReportFile[] = [
    ...(html ? [{ name: 'loadtest.html', text: renderLoadtestHtml(results) }] : []),
    ...(markdown ? results.map((one) => ({ name: 'loadtest.md', text: renderLoadtestMarkdown(one) })) : []),
  ];
  const isSaved = saveReports(SPEC.program, output ?? 'reports', reports, console.log);
  return isSaved ? EXIT_CODE.passed : EXIT_CODE.usage;
}
