// Replayed fixtures as JUnit XML: a suite for each fixture, a case for each expectation.
import type { ReplayReport, ReplayResult } from '../../fixture/judge/replay-result.ts';
import { type JunitCase, type JunitOutcome, type JunitSuite, renderJunit } from '../format/junit.ts';
import { targetProperties } from '../target-words.ts';

export function renderReplayJunit({ replays }: ReplayReport): string {
  const seconds = replays.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1e3;
  return renderJunit('norn-loadtest replay', seconds, replays.map(describeSuite));
}

function describeSuite(result: ReplayResult): JunitSuite {
  const { fixture, outcomes, durationMs, startedAt, file, target } = result;
  return {
    name: fixture,
    startedAt,
    seconds: durationMs / 1e3,
    properties: targetProperties(target),
    cases: outcomes.map(
      (outcome): JunitCase => ({
        name: `${outcome.of} ${outcome.claim}`,
        className: fixture,
        file,
        outcome: outcomeOf(outcome, result),
      }),
    ),
  };
}

function outcomeOf(
  { verdict, got, isDecisive }: ReplayResult['outcomes'][number],
  { bug, obstacles }: ReplayResult,
): JunitOutcome {
  if (verdict === 'passed') return { kind: 'passed' };
  const message = [got, ...obstacles].join('; ');
  if (verdict === 'inconclusive') return { kind: 'error', type: 'inconclusive', message };
  return isDecisive
    ? { kind: 'failed', type: 'reproduced', message, text: bug }
    : { kind: 'failed', type: 'other-failure', message };
}
