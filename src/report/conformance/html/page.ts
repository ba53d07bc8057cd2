// A conformance run as one HTML file that needs nothing else: the outcome, chapters in numbers, what did not pass, then
// the rest by chapter; each check with its clause, evidence, a sequence picture and the wire log.
import type { CheckResult, ConformanceResult } from '../../../conformance/result.ts';
import { type Html, html, NOTHING } from '../../format/html.ts';
import { renderFilter } from '../../page/filter.ts';
import { renderPage } from '../../page/page-frame.ts';
import { renderFacts, renderSection } from '../../page/sections.ts';
import { causeLines, countsLine, noticeLines, targetLine, VERDICT_ORDER, VERDICT_WORDS } from '../facts.ts';
import { measurementName, measurementText } from '../measurement-text.ts';
import { renderCheck } from './check.ts';
import { CONFORMANCE_STYLE } from './style.ts';
import { countVerdicts, filterVerdicts, renderShare } from './verdict-counts.ts';

/** Of a hub that fails nearly everything only so many checks are open at first. */
const MAX_OPEN = 20;
const OUTCOME_CLASS = { passed: 'pass', failed: 'fail', inconclusive: 'warn' } as const;

export function renderConformanceHtml(result: ConformanceResult): string {
  const { checks, target, startedAt } = result;
  const chapters = [...new Set(checks.map(({ chapter }) => chapter))];
  return renderPage({
    title: `Conformance: ${target.url}`,
    heading: 'Conformance',
    about: `${targetLine(result)}, ${startedAt}`,
    top: html`${renderOutcome(result)}${renderCauses(result)}
<div class="columns">${renderChapters(result, chapters)}${renderMeasurements(result)}</div>
${renderFilter({
  what: 'ids, facts, wire',
  verdicts: filterVerdicts(result.summary, (verdict) => VERDICT_WORDS[verdict]),
  groups: { what: 'chapter', names: chapters },
  canOpen: true,
})}`,
    main: [renderNotPassed(result), chapters.map((chapter) => renderRest(result, chapter))],
    footer: renderFooter(result),
    styles: [CONFORMANCE_STYLE],
    script: new URL('../../page/scripts/filter.js', import.meta.url),
  });
}

function needsAttention({ verdict }: CheckResult): boolean {
  return verdict === 'fail' || verdict === 'error' || verdict === 'warn';
}

function renderOutcome(result: ConformanceResult): Html {
  return html`<div class="card outcome ${OUTCOME_CLASS[result.verdict]}"><strong>${result.verdict.toUpperCase()}</strong><span>${countsLine(result)}</span>${noticeLines(result).map((line) => html`<p>${line}</p>`)}${renderShare(result.summary)}</div>`;
}

function renderCauses(result: ConformanceResult): Html {
  const lines = causeLines(result);
  if (lines.length === 0) return NOTHING;
  return renderSection({
    id: 'causes',
    title: 'What is probably wrong',
    content: html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`,
  });
}

function renderChapters({ checks }: ConformanceResult, chapters: readonly string[]): Html {
  const shown = VERDICT_ORDER.filter((verdict) => checks.some((check) => check.verdict === verdict));
  const rows = chapters.map((chapter) => {
    const own = checks.filter((check) => check.chapter === chapter);
    const counts = countVerdicts(own.map(({ verdict }) => verdict));
    const cells = shown.map(
      (verdict) => html`<td class="${counts[verdict] > 0 ? verdict : 'none'}">${counts[verdict] || '·'}</td>`,
    );
    const address = own.every(needsAttention) ? 'not-passed' : `chapter-${chapter}`;
    return html`<tr><th scope="row"><a href="#${address}">${chapter}</a></th>${cells}</tr>`;
  });
  const heads = ['chapter', ...shown].map((cell) => html`<th scope="col">${cell}</th>`);
  return renderSection({
    id: 'chapters',
    title: 'Chapters',
    content: html`<table><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table>`,
  });
}

function renderMeasurements({ measurements }: ConformanceResult): Html {
  const pairs = Object.entries(measurements).map(
    ([name, value]) => [measurementName(name), measurementText(name, value)] as const,
  );
  if (pairs.length === 0) return NOTHING;
  return renderSection({ id: 'measurements', title: 'Measurements', content: renderFacts(pairs) });
}

/** Of all chapters, the worst first. */
function renderNotPassed(result: ConformanceResult): Html {
  const checks = VERDICT_ORDER.flatMap((verdict) =>
    result.checks.filter((check) => check.verdict === verdict && needsAttention(check)),
  );
  if (checks.length === 0) return NOTHING;
  return html`<section id="not-passed"><h2>Not passed</h2>
${checks.map((check, at) => renderCheck(result, check, at < MAX_OPEN && check.verdict !== 'warn'))}</section>`;
}

function renderRest(result: ConformanceResult, chapter: string): Html {
  const rest = result.checks.filter((check) => check.chapter === chapter && !needsAttention(check));
  if (rest.length === 0) return NOTHING;
  const checks = VERDICT_ORDER.flatMap((verdict) => rest.filter((check) => check.verdict === verdict));
  return html`<section id="chapter-${chapter}"><h2>${chapter}</h2>
${checks.map((check) => renderCheck(result, check, false))}</section>`;
}

function renderFooter({ command, environment }: ConformanceResult): Html {
  const { node, platform, cores } = environment;
  return html`<p>Node ${node}, ${platform}, ${cores} CPUs. This file needs no network; every number in it comes from conformance.json.</p>
<pre>${command}</pre>`;
}
