// A conformance run as one HTML file that needs nothing else: what came out, chapters, every check with its clause,
// evidence, a sequence picture and the wire log, and a filter. Whatever came from the hub is escaped.
import type { CheckResult, ConformanceResult } from '../../../conformance/result.ts';
import { escapeXml } from '../../format/xml-text.ts';
import {
  countsLine,
  noticeLines,
  reasonPairs,
  rerunCommand,
  targetLine,
  VERDICT_ORDER,
  VERDICT_WORDS,
} from '../facts.ts';
import { measurementName, measurementText } from '../measurement-text.ts';
import { countVerdicts, renderFilter, renderPage, renderShare } from './frame.ts';
import { renderSequence } from './sequence.ts';
import { renderWire } from './wire.ts';

/** Of a hub that fails nearly everything only so many checks are open at first. */
const MAX_OPEN = 20;
const OUTCOME_CLASS = { passed: 'pass', failed: 'fail', inconclusive: 'warn' } as const;

export function renderConformanceHtml(result: ConformanceResult): string {
  const chapters = [...new Set(result.checks.map(({ chapter }) => chapter))];
  const open = new Set(result.checks.filter(isBad).slice(0, MAX_OPEN));
  return renderPage(`Conformance: ${result.target.url}`, '', [
    renderHead(result),
    `<div class="columns">${renderChapters(result, chapters)}${renderMeasurements(result)}</div>`,
    renderFilter({
      counts: result.summary,
      labelOf: (verdict) => VERDICT_WORDS[verdict],
      chapters,
      canOpen: true,
    }),
    `<main>${chapters.map((chapter) => renderChapter(result, chapter, open)).join('\n')}</main>`,
    renderFooter(result),
  ]);
}

function isBad({ verdict }: CheckResult): boolean {
  return verdict === 'fail' || verdict === 'error';
}

function renderHead(result: ConformanceResult): string {
  const notices = noticeLines(result).map((line) => `<p>${escapeXml(line)}</p>`);
  return `<header><h1>Conformance</h1><div class="quiet">${escapeXml(targetLine(result))}, ${escapeXml(result.startedAt)}</div>
<div class="card outcome ${OUTCOME_CLASS[result.verdict]}"><strong>${result.verdict.toUpperCase()}</strong><span>${escapeXml(countsLine(result))}</span>${notices.join('')}${renderShare(result.summary)}</div></header>`;
}

function renderChapters({ checks }: ConformanceResult, chapters: readonly string[]): string {
  const shown = VERDICT_ORDER.filter((verdict) => checks.some((check) => check.verdict === verdict));
  const head = ['chapter', ...shown].map((cell) => `<th scope="col">${cell}</th>`).join('');
  const rows = chapters.map((chapter) => {
    const counts = countVerdicts(
      checks.filter((check) => check.chapter === chapter).map(({ verdict }) => verdict),
    );
    const cells = shown.map(
      (verdict) => `<td class="${counts[verdict] > 0 ? verdict : 'none'}">${counts[verdict] || '·'}</td>`,
    );
    return `<tr><th scope="row"><a href="#chapter-${chapter}">${chapter}</a></th>${cells.join('')}</tr>`;
  });
  return `<section class="card" aria-label="Chapters"><h2>Chapters</h2><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></section>`;
}

function renderMeasurements({ measurements }: ConformanceResult): string {
  const rows = Object.entries(measurements).map(
    ([name, value]) =>
      `<dt>${escapeXml(measurementName(name))}</dt><dd>${escapeXml(measurementText(name, value))}</dd>`,
  );
  if (rows.length === 0) return '';
  return `<section class="card" aria-label="Measurements"><h2>Measurements</h2><dl class="facts measured">${rows.join('')}</dl></section>`;
}

function renderChapter(result: ConformanceResult, chapter: string, open: ReadonlySet<CheckResult>): string {
  const checks = VERDICT_ORDER.flatMap((verdict) =>
    result.checks.filter((check) => check.chapter === chapter && check.verdict === verdict),
  );
  return `<section id="chapter-${chapter}"><h2>${chapter}</h2>
${checks.map((check) => renderCheck(result, check, open.has(check))).join('\n')}
</section>`;
}

function renderCheck(result: ConformanceResult, check: CheckResult, isOpen: boolean): string {
  const { id, chapter, verdict, level, title, clause, evidence, wire, durationMs } = check;
  const known = check.knownFailing === undefined ? '' : ', known';
  return `<details class="check" id="${id}" data-chapter="${chapter}" data-verdict="${verdict}"${isOpen ? ' open' : ''}>
<summary><span class="verdict ${verdict}">${VERDICT_WORDS[verdict]}</span><span class="name">${escapeXml(title)} <code>${id}</code></span><span class="quiet">${level}${known}, ${durationMs} ms</span></summary>
<blockquote><cite>${escapeXml(clause.source)}</cite> ${escapeXml(clause.quote)}</blockquote>
${renderReasons(check)}${block('Evidence', evidence)}${renderSequence(wire)}${renderWire(wire)}${block('Run it again', [rerunCommand(result, check)])}
</details>`;
}

function renderReasons(check: CheckResult): string {
  const rows = reasonPairs(check).map(([name, text]) => `<dt>${name}</dt><dd>${escapeXml(text)}</dd>`);
  return rows.length === 0 ? '' : `<dl class="facts">${rows.join('')}</dl>\n`;
}

function block(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `<h3>${title}</h3><pre>${escapeXml(lines.join('\n'))}</pre>\n`;
}

function renderFooter({ command, environment }: ConformanceResult): string {
  const { node, platform, cores } = environment;
  return `<footer class="quiet"><p>Node ${escapeXml(node)}, ${escapeXml(platform)}, ${cores} CPUs. This file needs no network; every number in it comes from conformance.json.</p>
<pre>${escapeXml(command)}</pre></footer>`;
}
