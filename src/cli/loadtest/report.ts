// norn-loadtest report: renders a loadtest.json as a page, as Markdown, or on the terminal. Several files become one page
// that compares them.
import { renderLoadtestHtml } from '../../report/loadtest/html/page.ts';
import { renderLoadtestMarkdown, renderLoadtestTerminal } from '../../report/loadtest/summary.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import type { ParsedLine } from '../options/command-line.ts';
import { UsageError } from '../options/usage-error.ts';
import { type ReportFile, saveReports } from '../output/report-files.ts';
import { mustReadLoadtest } from './options/read-result.ts';
import { REPORT_SPEC } from './specs/report-spec.ts';

export async function renderEarlier(line: ParsedLine<typeof REPORT_SPEC.options>): Promise<ExitCode> {
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
  saveReports(REPORT_SPEC.program, output ?? 'reports', reports, console.log);
  return EXIT_CODE.passed;
}
