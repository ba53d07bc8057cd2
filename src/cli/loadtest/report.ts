// norn-loadtest report: an old loadtest.json as a page, as Markdown, or on the terminal. Several files become one page
// that compares them.
import { renderLoadtestHtml } from '../../report/loadtest/html/page.ts';
import { renderLoadtestMarkdown, renderLoadtestTerminal } from '../../report/loadtest/summary.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { parseCommandLine, UsageError } from '../options/command-line.ts';
import { flag, text } from '../options/option.ts';
import { type ReportFile, saveReports } from '../output/report-files.ts';
import type { Command } from './options/command.ts';
import { mustReadLoadtest } from './options/read-result.ts';

/** The eye cannot distinguish more runs than this. */
const MAX_FILES = 8;

const SPEC = {
  program: 'norn-loadtest report',
  usage: 'FILE.json… [options]',
  describe:
    'Renders results that were written before. Without an option it prints the summary; several files with --html become one page that compares them.',
  maxPositionals: MAX_FILES,
  options: {
    html: flag('Write DIR/loadtest.html'),
    markdown: flag('Write DIR/loadtest.md (of one file)'),
    output: text('Folder for what is written [reports]', 'DIR'),
  },
  examples: [
    ['norn-loadtest report reports/loadtest.json --html', 'the page of an old run'],
    ['norn-loadtest report before.json after.json --html', 'two runs in one page'],
  ],
} as const;

export const reportCommand: Command = {
  name: 'report',
  summary: 'render old results again: page, Markdown or terminal',
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
    throw new UsageError(`--markdown: one file at a time; there are ${files.length} (--html compares them)`);
  const results = files.map(mustReadLoadtest);
  if (!html && !markdown) for (const result of results) console.log(renderLoadtestTerminal(result));
  const reports: ReportFile[] = [
    ...(html ? [{ name: 'loadtest.html', text: renderLoadtestHtml(results) }] : []),
    ...(markdown ? results.map((one) => ({ name: 'loadtest.md', text: renderLoadtestMarkdown(one) })) : []),
  ];
  const isSaved = saveReports(SPEC.program, output ?? 'reports', reports, console.log);
  return isSaved ? EXIT_CODE.passed : EXIT_CODE.usage;
}
