// An exploration as one offline page: the verdict, each finding with its programs, the coverage.
import type { ExploreFinding, ExploreResult } from '../../conformance/explore/result.ts';
import { type Html, html, NOTHING } from '../format/html.ts';
import { renderPage } from '../page/page-frame.ts';
import { renderFacts, renderSection } from '../page/sections.ts';
import { coverageLines, findingLines, headline, noticeLines, targetLine } from './facts.ts';

const OUTCOME_CLASS = { passed: 'pass', failed: 'fail', inconclusive: 'warn' } as const;

export function renderExploreHtml(result: ExploreResult): string {
  return renderPage({
    title: `Exploration: ${result.target.url}`,
    heading: 'Exploration',
    about: `${targetLine(result)}, ${result.startedAt}`,
    top: renderOutcome(result),
    main: [
      result.findings.map(renderFinding),
      renderSection({ id: 'coverage', title: 'Coverage', content: renderLines(coverageLines(result)) }),
      renderSection({
        id: 'run',
        title: 'Run',
        content: renderFacts([
          ['seed', String(result.seed)],
          ['programs', String(result.programs)],
          ['run again', html`<code>${result.command}</code>`],
        ]),
      }),
    ],
    footer: 'This file needs no network; every number in it comes from explore.json.',
    script: new URL('../page/scripts/filter.js', import.meta.url),
  });
}

function renderOutcome(result: ExploreResult): Html {
  const notices = noticeLines(result);
  return html`<div class="card outcome ${OUTCOME_CLASS[result.verdict]}"><strong>${result.verdict.toUpperCase()}</strong><span>${headline(result)}</span>${notices.length === 0 ? NOTHING : notices.map((line) => html`<p>${line}</p>`)}</div>`;
}

function renderFinding(finding: ExploreFinding, at: number): Html {
  return renderSection({
    id: `finding-${at + 1}`,
    title: `${at + 1}. ${finding.title}`,
    content: html`${renderLines(findingLines(finding))}<pre>${JSON.stringify(finding.programs, null, 2)}</pre>`,
  });
}

function renderLines(lines: readonly string[]): Html {
  return html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}
