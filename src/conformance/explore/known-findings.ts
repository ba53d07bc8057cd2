// Findings that are accepted for now (`--known-failing FILE`): they are reported, and do not fail the run. An entry that was
// not found again says nothing: the search is random.
import type { Parsed } from '../../units/parsed.ts';
import { type KnownFailing, parseKnownList } from '../known-failing.ts';
import { isViolationKind } from './oracle/violation.ts';

/** Ids as reports show them, such as `lost.clients+proxy`; `lost.*` and `lost` stand for every finding of the kind. */
export function parseKnownFindings(text: string): Parsed<readonly KnownFailing[]> {
  return parseKnownList(text, (id) => {
    const [kind = ''] = id.split('.');
    return isViolationKind(kind) ? undefined : `${id}: there is no kind of finding "${kind}"`;
  });
}

/** Why the finding is accepted; undefined when it is not. */
export function findKnownReason(id: string, known: readonly KnownFailing[]): string | undefined {
  const [kind] = id.split('.');
  return known.find((entry) => entry.id === id || entry.id === kind || entry.id === `${kind}.*`)?.reason;
}
