// What a kill matrix shows to be wrong with the suite: missed defects, correct hubs that fail, must checks that no defect
// is named by, and missing verdicts.
import type { Check } from '../../conformance/check.ts';
import { findBlocker } from '../../conformance/run/order/check-order.ts';
import { checksWith, type MatrixRow } from './row.ts';

/** One sentence each; none when the suite has no fault. */
export function findShortfalls(rows: readonly MatrixRow[], checks: readonly Check[]): readonly string[] {
  return [...rows.flatMap((row) => describeRow(row, checks)), ...describeIdleChecks(rows, checks)];
}

function describeRow(row: MatrixRow, checks: readonly Check[]): readonly string[] {
  const { subject, verdicts } = row;
  const failed = checksWith(row, 'fail');
  if (subject.kind === 'correct') {
    return [...failed, ...checksWith(row, 'error')].map(
      (id) => `${subject.id} is correct, and ${id} says ${verdicts.get(id)}`,
    );
  }
  const missed = Object.entries(subject.namedBy)
    .filter(([id, verdict]) => verdicts.get(id) !== verdict && !isBlocked(id, row, checks))
    .map(
      ([id, verdict]) =>
        `${subject.id} must get ${verdict} from ${id}, and got ${verdicts.get(id) ?? 'nothing'}`,
    );
  const others = subject.kind === 'known' ? failed.filter((id) => !(id in subject.namedBy)) : [];
  return [...missed, ...others.map((id) => `${subject.id} is not known for ${id}, which fails it`)];
}

/** It did not run, since a check that it names in `blockedBy` or `coveredBy` caught the hub. */
function isBlocked(id: string, { verdicts }: MatrixRow, checks: readonly Check[]): boolean {
  const check = checks.find((each) => each.id === id);
  const results = new Map([...verdicts].map(([each, verdict]) => [each, { verdict }]));
  if (check === undefined || verdicts.get(id) !== 'skip') return false;
  const blockedBy = [...(check.blockedBy ?? []), ...(check.coveredBy === undefined ? [] : [check.coveredBy])];
  return findBlocker({ blockedBy }, results) !== undefined;
}

/**
 * Tested on targets that are no change of hooks (a hub that cannot restart, one that is only observed), or on hubs that no
 * other check catches.
 */
export const TESTED_ELSEWHERE: readonly string[] = [
  'lifecycle.restart',
  'envelope.observed',
  'model.explored',
];

/** A must check that fails no hub may be unable to. */
function describeIdleChecks(rows: readonly MatrixRow[], checks: readonly Check[]): readonly string[] {
  const named = new Set([
    ...TESTED_ELSEWHERE,
    ...rows.flatMap(({ subject }) => Object.keys(subject.namedBy)),
  ]);
  return checks
    .filter(({ id, level }) => level === 'must' && !named.has(id))
    .map(({ id }) => `${id} is a must, and no defect here is named by it`);
}
