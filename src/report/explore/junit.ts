// An exploration as JUnit XML: a failed case for each finding, and one case for the search itself.
import type { ExploreFinding, ExploreResult } from '../../conformance/explore/result.ts';
import { type JunitCase, type JunitOutcome, renderJunit } from '../format/junit.ts';
import { targetProperties } from '../target-words.ts';
import { coverageLines, findingLines, headline, noticeLines } from './facts.ts';

const CLASS_NAME = 'norn-conformance.explore';

export function renderExploreJunit(result: ExploreResult): string {
  const { findings, startedAt, durationMs, seed, programs, target } = result;
  const search: JunitCase = { name: 'search', className: CLASS_NAME, outcome: outcomeOf(result) };
  return renderJunit('norn-conformance explore', durationMs / 1e3, [
    {
      name: 'explore',
      startedAt,
      seconds: durationMs / 1e3,
      properties: [['seed', seed], ['programs', programs], ...targetProperties(target)],
      cases: [search, ...findings.map(describeFinding)],
    },
  ]);
}

/** Findings are cases of their own. */
function outcomeOf(result: ExploreResult): JunitOutcome {
  const text = [headline(result), ...coverageLines(result), ...noticeLines(result)].join('\n');
  if (result.verdict === 'inconclusive')
    return { kind: 'error', type: 'inconclusive', message: headline(result), text };
  return result.unconfirmed.length > 0 ? { kind: 'warned', text } : { kind: 'passed' };
}

function describeFinding(finding: ExploreFinding): JunitCase {
  return {
    name: finding.id,
    className: CLASS_NAME,
    outcome:
      finding.knownFailing === undefined
        ? {
            kind: 'failed',
            type: finding.kind,
            message: finding.title,
            text: findingLines(finding).join('\n'),
          }
        : { kind: 'skipped', message: `known failing: ${finding.knownFailing}` },
  };
}
