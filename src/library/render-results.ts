// Every report on a result, by name: the same texts as the programs write.
import type { ConformanceResult } from '../conformance/result.ts';
import { KitError } from '../kit/kit-error.ts';
import { oneOf } from '../kit/option-rules.ts';
import type { LoadtestResult } from '../load/result/result.ts';
import { CONFORMANCE_REPORTERS, type ConformanceReporter } from '../report/conformance/reporter-names.ts';
import { REPORTER_FORMS } from '../report/conformance/reporters.ts';
import { LOADTEST_REPORTERS, type LoadtestReporter } from '../report/loadtest/reporter-names.ts';
import { LOADTEST_FORMS } from '../report/loadtest/reporters.ts';

/**
 * A report on a conformance result, as text.
 *
 * @throws {KitError} `BAD_OPTION` for a reporter that does not exist.
 * @example
 * writeFileSync('conformance.xml', renderConformance(result, 'junit'));
 */
export function renderConformance(
  result: ConformanceResult,
  reporter: ConformanceReporter | 'table',
): string {
  const name = reporter === 'table' ? 'terminal' : reporter;
  requireReporter(name, CONFORMANCE_REPORTERS);
  return REPORTER_FORMS[name].render(result);
}

/**
 * A report on the result of a load test, as text.
 *
 * @throws {KitError} `BAD_OPTION` for a reporter that does not exist.
 * @example
 * console.log(renderLoadtest(result, 'terminal'));
 */
export function renderLoadtest(result: LoadtestResult, reporter: LoadtestReporter): string {
  requireReporter(reporter, LOADTEST_REPORTERS);
  return LOADTEST_FORMS[reporter].render(result);
}

function requireReporter(reporter: unknown, known: readonly string[]): void {
  const { expected, accepts } = oneOf(known);
  if (!accepts(reporter))
    throw new KitError('BAD_OPTION', `reporter: expected ${expected}, got ${JSON.stringify(reporter)}`);
}
