// Every report on a result, by name: the same texts as the programs write.
import type { ConformanceResult } from '../conformance/result.ts';
import type { LoadtestResult } from '../load/result/result.ts';
import { type ConformanceReporter, REPORTER_FORMS } from '../report/conformance/reporters.ts';
import { LOADTEST_FORMS, type LoadtestReporter } from '../report/loadtest/reporters.ts';

export function renderConformance(result: ConformanceResult, reporter: ConformanceReporter): string {
  return REPORTER_FORMS[reporter].render(result);
}

export function renderLoadtest(result: LoadtestResult, reporter: LoadtestReporter): string {
  return LOADTEST_FORMS[reporter].render(result);
}
