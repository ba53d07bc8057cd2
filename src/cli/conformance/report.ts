// norn-conformance report: old results rendered again. One file as any report; several, of several hubs, as a grid.
import { basename, dirname } from 'node:path';
import { readConformance } from '../../conformance/read-conformance.ts';
import type { ConformanceResult } from '../../conformance/result.ts';
import { countsLine } from '../../report/conformance/facts.ts';
import { type JudgedHub, renderConformanceGrid } from '../../report/conformance/html/grid.ts';
import type { ConformanceReporter } from '../../report/conformance/reporter-names.ts';
import { REPORTER_FORMS } from '../../report/conformance/reporters.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import type { ParsedLine } from '../options/command-line.ts';
import { UsageError } from '../options/usage-error.ts';
import { printReport } from '../output/print-report.ts';
import { saveReports } from '../output/report-files.ts';
import { GRID_FILE, REPORT_SPEC } from './report-spec.ts';

export async function renderEarlier(line: ParsedLine<typeof REPORT_SPEC.options>): Promise<ExitCode> {
  const files = line.positionals;
  if (files.length === 0) throw new UsageError('FILE.json: give at least one conformance.json');
  const { reporter, output = 'reports' } = line.values;
  if (files.length > 1 && reporter !== undefined)
    throw new UsageError(`--reporter: expected one file, got ${files.length}, which become ${GRID_FILE}`);
  const results = files.map(mustRead);
  const reports = files.length === 1 ? renderOne(results[0], reporter) : renderGrid(files, results);
  saveReports(REPORT_SPEC.program, output, reports, console.error);
  return EXIT_CODE.passed;
}

function renderOne(
  result: ConformanceResult | undefined,
  reporters: readonly ConformanceReporter[] = ['terminal'],
) {
  if (result === undefined) return [];
  return reporters.flatMap((name) => {
    const { fileName, render } = REPORTER_FORMS[name];
    if (name !== 'terminal') return [{ name: fileName, text: render(result) }];
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
