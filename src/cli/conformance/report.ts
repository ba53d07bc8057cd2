// norn-conformance report: old results rendered again. One file as any report; several, of several hubs, as a grid.
import { basename, dirname } from 'node:path';
import { readConformance } from '../../conformance/read-conformance.ts';
import type { ConformanceResult } from '../../conformance/result.ts';
import { countsLine } from '../../report/conformance/facts.ts';
import { type JudgedHub, renderConformanceGrid } from '../../report/conformance/html/grid.ts';
import { CONFORMANCE_REPORTERS, REPORTER_FORMS } from '../../report/conformance/reporters.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { parseCommandLine } from '../options/command-line.ts';
import { choices, text } from '../options/option.ts';
import { UsageError } from '../options/usage-error.ts';
import { printReport } from '../output/print-report.ts';
import { saveReports } from '../output/report-files.ts';

/** More columns than this do not fit on a page. */
const MAX_FILES = 12;
const GRID_FILE = 'conformance-grid.html';

export const REPORT_SPEC = {
  program: 'norn-conformance report',
  usage: 'FILE.json… [options]',
  describe:
    'Renders earlier results. One file becomes the reports that --reporter names; files of several hubs become one page with a column for each.',
  maxPositionals: MAX_FILES,
  options: {
    reporter: choices(
      `${CONFORMANCE_REPORTERS.join(', ')}; of one file; repeatable [table]`,
      'NAME',
      CONFORMANCE_REPORTERS,
    ),
    output: text(`Folder for what is written; a grid is DIR/${GRID_FILE} [reports]`, 'DIR'),
  },
  examples: [
    ['norn-conformance report reports/conformance.json --reporter html', 'the page of an old run'],
    ['norn-conformance report go/conformance.json node/conformance.json', 'two hubs side by side'],
  ],
} as const;

export async function runReport(argv: readonly string[]): Promise<ExitCode> {
  const line = await parseCommandLine(REPORT_SPEC, argv, process.env);
  if (line.kind === 'print') {
    console.log(line.text);
    return EXIT_CODE.passed;
  }
  const files = line.positionals;
  if (files.length === 0) throw new UsageError('FILE.json: give at least one conformance.json');
  const { reporter, output = 'reports' } = line.values;
  if (files.length > 1 && reporter !== undefined)
    throw new UsageError(`--reporter: expected one file, got ${files.length}, which become ${GRID_FILE}`);
  const results = files.map(mustRead);
  const reports = files.length === 1 ? renderOne(results[0], reporter) : renderGrid(files, results);
  return saveReports(REPORT_SPEC.program, output, reports, console.error)
    ? EXIT_CODE.passed
    : EXIT_CODE.usage;
}

type Reporter = (typeof CONFORMANCE_REPORTERS)[number];

function renderOne(result: ConformanceResult | undefined, reporters: readonly Reporter[] = ['table']) {
  if (result === undefined) return [];
  return reporters.flatMap((name) => {
    const { fileName, render } = REPORTER_FORMS[name];
    if (name !== 'table') return [{ name: fileName, text: render(result) }];
    printReport(name, render(result));
    return [];
  });
}

function renderGrid(files: readonly string[], results: readonly ConformanceResult[]) {
  const names = nameHubs(files);
  const hubs: JudgedHub[] = results.map((result, at) => ({ name: names[at] ?? '', result }));
  const width = Math.max(...names.map((name) => name.length));
  for (const { name, result } of hubs) console.log(`${name.padEnd(width)}  ${countsLine(result)}`);
  return [{ name: GRID_FILE, text: renderConformanceGrid(hubs) }];
}

/** After the file, or after its folder where the file has the usual name. */
function nameHubs(files: readonly string[]): string[] {
  return files.map((file) => {
    const name = basename(file).replace(/\.json$/, '');
    const folder = basename(dirname(file));
    return name === 'conformance' && folder !== '' && folder !== '.' ? folder : name;
  });
}

function mustRead(file: string): ConformanceResult {
  const result = readConformance(file);
  if (!result.ok) throw new UsageError(result.problem);
  return result.value;
}
