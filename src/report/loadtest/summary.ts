// A load test for a terminal and as Markdown: verdict, thresholds first, then findings, tables and figures.
import type { LoadtestResult } from '../../load/result/result.ts';
import { renderSummaryMarkdown, renderSummaryTerminal, type Summary } from '../format/summary.ts';
import { targetWords } from '../target-words.ts';
import { agentRows } from './agents/agent-rows.ts';
import {
  anatomyLinesOf,
  cohortRows,
  evictionRows,
  figureLines,
  httpRows,
  planLine,
  thresholdRows,
  verdictLine,
} from './facts.ts';
import { faultProblems } from './faults/describe-fault.ts';
import { faultTables } from './faults/fault-rows.ts';
import { findingLines } from './findings.ts';
import { targetRows } from './targets/target-rows.ts';

/** Faults in each table; the page and loadtest.json have all. */
const MOST_FAULTS = 20;

export function renderLoadtestTerminal(result: LoadtestResult): string {
  return renderSummaryTerminal(summarize(result));
}

export function renderLoadtestMarkdown(result: LoadtestResult): string {
  return renderSummaryMarkdown(summarize(result));
}

function summarize(result: LoadtestResult): Summary {
  const { target, environment, seed, startedAt, kit } = result;
  return {
    title: 'Load test',
    headline: verdictLine(result),
    parts: [
      { kind: 'table', title: 'Thresholds', rows: thresholdRows(result) },
      { kind: 'list', lines: findingLines(result) },
      { kind: 'table', title: 'Cohorts', rows: cohortRows(result) },
      { kind: 'table', title: 'Targets', rows: targetRows(result) },
      { kind: 'table', title: 'Agents', rows: agentRows(result) },
      ...faultTables(result, MOST_FAULTS).map((table) => ({ kind: 'table' as const, ...table })),
      { kind: 'list', lines: [...timesLine(result), ...faultProblems(result), ...leftOutLine(result)] },
      { kind: 'table', title: 'Evictions', rows: evictionRows(result) },
      { kind: 'drawing', title: 'Anatomy of an eviction', lines: anatomyLinesOf(result) },
      { kind: 'table', title: 'HTTP side', rows: httpRows(result) },
      { kind: 'list', title: 'Figures', lines: figureLines(result) },
    ],
    details: {
      kind: 'list',
      title: 'Run',
      lines: [
        `target: ${targetWords(target)}`,
        `plan: ${planLine(result)}, seed ${seed}`,
        `machine: ${environment.cores} x ${environment.cpu}, ${environment.platform}, Node ${environment.node}`,
        `started ${startedAt}, norn-loadtest ${kit.version}`,
      ],
    },
  };
}

/** A plan counts otherwise than a report. */
function timesLine({ faults = [] }: LoadtestResult): string[] {
  return faults.length === 0
    ? []
    : ['times of faults count from the start of the run, at= from the start of the measured time'];
}

function leftOutLine({ faults = [] }: LoadtestResult): string[] {
  const leftOut = faults.length - MOST_FAULTS;
  return leftOut > 0 ? [`${leftOut} more faults are in the page and in loadtest.json`] : [];
}
