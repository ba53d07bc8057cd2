// A conformance run as JUnit XML: a suite for each chapter, a case for each check.
import type { CheckResult, ConformanceResult } from '../../conformance/result.ts';
import { countsAgainst } from '../../conformance/verdict.ts';
import { groupBy } from '../format/group-by.ts';
import { type JunitCase, type JunitOutcome, type JunitSuite, renderJunit } from '../format/junit.ts';
import { targetProperties } from '../target-words.ts';
import { reasonLines, rerunCommand, wireLine } from './facts.ts';

export function renderConformanceJunit(result: ConformanceResult): string {
  const { checks, startedAt } = result;
  const chapters = [...groupBy(checks, ({ chapter }) => chapter)].map(
    ([name, inChapter]): JunitSuite => ({
      name,
      startedAt,
      seconds: secondsOf(inChapter),
      properties: targetProperties(result.target),
      cases: inChapter.map((check) => describeCase(result, check)),
    }),
  );
  return renderJunit('norn-conformance', result.durationMs / 1e3, [...chapters, ...staleSuites(result)]);
}

function describeCase(result: ConformanceResult, check: CheckResult): JunitCase {
  return {
    name: check.id,
    className: `norn-conformance.${check.chapter}`,
    seconds: secondsOf([check]),
    outcome: outcomeOf(result, check),
  };
}

function outcomeOf(result: ConformanceResult, check: CheckResult): JunitOutcome {
  const { verdict, knownFailing, reason = '', expected, got = '', level } = check;
  if (verdict === 'pass') return { kind: 'passed' };
  if (verdict === 'skip') return { kind: 'skipped', message: reason };
  const text = details(result, check);
  if (verdict === 'error') return { kind: 'error', type: 'inconclusive', message: reason, text };
  if (knownFailing !== undefined) return { kind: 'skipped', message: `known failing: ${knownFailing}` };
  if (!countsAgainst(check, result.settings.strict)) return { kind: 'warned', text };
  const message = expected === undefined ? got : `expected: ${expected}; got: ${got}`;
  return { kind: 'failed', type: level, message, text };
}

function details(result: ConformanceResult, check: CheckResult): string {
  return [
    check.title,
    `${check.clause.source}: ${check.clause.quote}`,
    ...reasonLines(check),
    ...check.evidence,
    ...check.wire.map(wireLine),
    `run again: ${rerunCommand(result, check)}`,
  ].join('\n');
}

/** A stale entry of the known-failing list fails the run, so it is a failed case of its own. */
function staleSuites({ staleKnownFailing, startedAt }: ConformanceResult): JunitSuite[] {
  if (staleKnownFailing.length === 0) return [];
  const cases = staleKnownFailing.map(
    (id): JunitCase => ({
      name: id,
      className: 'norn-conformance.known-failing',
      outcome: { kind: 'failed', type: 'stale', message: 'listed as known failing, but passes' },
    }),
  );
  return [{ name: 'known-failing', startedAt, cases }];
}

function secondsOf(checks: readonly CheckResult[]): number {
  return checks.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1e3;
}
