// Annotations as GitHub Actions reads them from the log: one line for each check that did not hold.
import type { CheckResult, ConformanceResult } from '../../conformance/result.ts';
import { countsAgainst } from '../../conformance/verdict.ts';
import { annotate } from '../format/github-annotation.ts';
import { countsLine, rerunCommand, withVerdict } from './facts.ts';

export function renderConformanceGithub(result: ConformanceResult): string {
  const annotations = withVerdict(result, 'fail', 'error', 'warn').map((check) =>
    renderAnnotation(result, check),
  );
  const stale = result.staleKnownFailing.map((id) =>
    annotate('error', id, 'listed as known failing, but passes: remove it from the list'),
  );
  return [...annotations, ...stale, annotate('notice', 'norn-conformance', countsLine(result)), ''].join(
    '\n',
  );
}

function renderAnnotation(result: ConformanceResult, check: CheckResult): string {
  const { knownFailing, expected, got, reason, id, title } = check;
  const level =
    knownFailing !== undefined
      ? 'notice'
      : countsAgainst(check, result.settings.strict)
        ? 'error'
        : 'warning';
  const what = reason ?? `expected ${expected ?? title}, got ${got ?? 'something else'}`;
  const known = knownFailing === undefined ? '' : `known failing (${knownFailing}): `;
  return annotate(level, id, `${known}${title}: ${what}\nagain: ${rerunCommand(result, check)}`);
}
