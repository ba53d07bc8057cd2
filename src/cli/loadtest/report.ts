// norn-loadtest report: an old loadtest.json as a page, as Markdown, or on the terminal. Several files become one page
// that compares them.

import { existsSync, readFileSync } from 'node:fs';
import { kitVersion } from '../../library/kit-version.ts';
import { LOADTEST_SCHEMA_VERSION, type LoadtestResult } from '../../load/result.ts';
import { renderLoadtestHtml } from '../../report/loadtest-html/page.ts';
import { renderLoadtestMarkdown } from '../../report/loadtest-markdown.ts';
import { renderLoadtestTerminal } from '../../report/loadtest-terminal.ts';
import { parseCommandLine, UsageError } from '../command-line.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { flag, text } from '../option.ts';
import { type ReportFile, writeReports } from '../report-files.ts';
import type { Command } from './command.ts';

/** More runs than this are not told apart by eye. */
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
    return EXIT_CODE.held;
  }
  const { html, markdown, output } = line.values;
  const files = line.positionals;
  if (files.length === 0) throw new UsageError('FILE.json: give at least one loadtest.json');
  if (markdown && files.length > 1)
    throw new UsageError(`--markdown: one file at a time; there are ${files.length} (--html compares them)`);
  const results = files.map(readResult);
  if (!html && !markdown) for (const result of results) console.log(renderLoadtestTerminal(result));
  const reports: ReportFile[] = [
    ...(html ? [{ name: 'loadtest.html', text: renderLoadtestHtml(results) }] : []),
    ...(markdown ? results.map((one) => ({ name: 'loadtest.md', text: renderLoadtestMarkdown(one) })) : []),
  ];
  const { paths, problems } = writeReports(output ?? 'reports', reports);
  if (paths.length > 0) console.log(`reports: ${paths.join('  ')}`);
  for (const problem of problems)
    console.error(`${SPEC.program}: ${problem}; choose another folder with --output`);
  return problems.length > 0 ? EXIT_CODE.usage : EXIT_CODE.held;
}

/** Enough of a check to say what is wrong with a file that is no result; the rest is the writer's promise. */
function readResult(file: string): LoadtestResult {
  if (!existsSync(file)) throw new UsageError(`${file}: no such file`);
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file}: not JSON: ${(error as Error).message}`);
  }
  const result = data as Partial<LoadtestResult> | null;
  if (!Array.isArray(result?.cohorts) || !Array.isArray(result.timeline))
    throw new UsageError(`${file}: not a loadtest.json: it has no cohorts and timeline`);
  if (result.schemaVersion !== LOADTEST_SCHEMA_VERSION)
    throw new UsageError(
      `${file}: schema version ${result.schemaVersion}; norn-loadtest ${kitVersion()} reads ${LOADTEST_SCHEMA_VERSION}`,
    );
  return result as LoadtestResult;
}
