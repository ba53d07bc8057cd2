// The totals of a kill matrix in words, for both of its pages.
import type { Check } from '../../../conformance/check.ts';
import type { MatrixRow } from '../row.ts';
import { findShortfalls } from '../shortfalls.ts';

export function describeTotals(rows: readonly MatrixRow[], checks: readonly Check[]): string {
  const count = (kind: MatrixRow['subject']['kind']): number =>
    rows.filter(({ subject }) => subject.kind === kind).length;
  const musts = checks.filter(({ level }) => level === 'must').length;
  const shortfalls = findShortfalls(rows, checks).length;
  const facts = [
    `${count('defect')} known-bad hubs, ${count('correct')} correct hubs and ${count('known')} with one known failure; ${checks.length} checks, ${musts} of them must.`,
    shortfalls === 0
      ? 'Every defect is caught by each check that names it, every must check is named by a defect, and no correct hub fails.'
      : `${shortfalls} shortfalls:`,
  ];
  return [...describeOlderRows(rows, checks), ...facts].join(' ');
}

/** Hubs that ran before a check existed. */
function describeOlderRows(rows: readonly MatrixRow[], checks: readonly Check[]): readonly string[] {
  const missing = checks.filter(({ id }) => rows.some(({ verdicts }) => !verdicts.has(id)));
  if (missing.length === 0) return [];
  const older = rows.filter(({ verdicts }) => missing.some(({ id }) => !verdicts.has(id))).length;
  const ids = missing.map(({ id }) => id).join(', ');
  return [`${older} of the hubs last ran before these checks existed: ${ids}.`];
}
