// A conformance run as one HTML file that needs nothing else: summary, chapters, every check with its clause, evidence
// and wire log, and a filter. Whatever came from the hub is escaped.
import type { CheckResult, ConformanceResult } from '../conformance/result.ts';
import {
  countsLine,
  noticeLines,
  reasonLines,
  rerunCommand,
  targetLine,
  VERDICT_ORDER,
  VERDICT_WORDS,
  wireLine,
} from './conformance-facts.ts';
import { CONFORMANCE_HTML_SCRIPT, CONFORMANCE_HTML_STYLE } from './conformance-html-page.ts';
import { renderSequence } from './conformance-sequence.ts';
import { measurementName, measurementText } from './measurement-text.ts';
import { escapeXml } from './xml-text.ts';

export function renderConformanceHtml(result: ConformanceResult): string {
  const chapters = [...new Set(result.checks.map(({ chapter }) => chapter))];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Conformance: ${escapeXml(result.target.url)}</title>
<style>${CONFORMANCE_HTML_STYLE}</style>
</head>
<body>
<header>
<h1>Conformance</h1>
<p>${escapeXml(countsLine(result))}</p>
<p class="quiet">${escapeXml(targetLine(result))}, ${escapeXml(result.startedAt)}</p>
${noticeLines(result)
  .map((line) => `<p class="notice">${escapeXml(line)}</p>`)
  .join('\n')}
</header>
${renderFilter(result)}
${renderChapterTable(result, chapters)}
${renderMeasurements(result)}
<main>
${chapters.map((chapter) => renderChapter(result, chapter)).join('\n')}
</main>
<script>${CONFORMANCE_HTML_SCRIPT}</script>
</body>
</html>
`;
}

function renderFilter({ summary }: ConformanceResult): string {
  const boxes = VERDICT_ORDER.filter((verdict) => summary[verdict] > 0).map(
    (verdict) =>
      `<label class="${verdict}"><input type="checkbox" value="${verdict}" checked> ${VERDICT_WORDS[verdict]} ${summary[verdict]}</label>`,
  );
  return `<form id="filter" role="search">${boxes.join('\n')}
<input type="search" id="words" placeholder="filter by id or text" aria-label="filter by id or text">
</form>`;
}

function renderChapterTable({ checks }: ConformanceResult, chapters: readonly string[]): string {
  const head = ['chapter', ...VERDICT_ORDER].map((cell) => `<th scope="col">${cell}</th>`).join('');
  const rows = chapters.map((chapter) => {
    const inChapter = checks.filter((check) => check.chapter === chapter);
    const cells = VERDICT_ORDER.map((verdict) => {
      const count = inChapter.filter((check) => check.verdict === verdict).length;
      return `<td class="${count > 0 ? verdict : 'none'}">${count}</td>`;
    });
    return `<tr><th scope="row"><a href="#chapter-${chapter}">${chapter}</a></th>${cells.join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="Chapters"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function renderMeasurements({ measurements }: ConformanceResult): string {
  const rows = Object.entries(measurements).map(
    ([name, value]) =>
      `<tr><th scope="row">${escapeXml(measurementName(name))}</th><td>${escapeXml(measurementText(name, value))}</td></tr>`,
  );
  if (rows.length === 0) return '';
  return `<h2>Measurements</h2><table><tbody>${rows.join('')}</tbody></table>`;
}

function renderChapter(result: ConformanceResult, chapter: string): string {
  const checks = VERDICT_ORDER.flatMap((verdict) =>
    result.checks.filter((check) => check.chapter === chapter && check.verdict === verdict),
  );
  return `<section id="chapter-${chapter}"><h2>${chapter}</h2>
${checks.map((check) => renderCheck(result, check)).join('\n')}
</section>`;
}

function renderCheck(result: ConformanceResult, check: CheckResult): string {
  const { id, verdict, level, title, clause, evidence, wire, durationMs } = check;
  const isOpen = verdict === 'fail' || verdict === 'error' ? ' open' : '';
  const reasons = reasonLines(check);
  return `<details class="check" id="${id}" data-verdict="${verdict}"${isOpen}>
<summary><span class="verdict ${verdict}">${VERDICT_WORDS[verdict]}</span> <code>${id}</code> <span>${escapeXml(title)}</span> <span class="quiet">${level}, ${durationMs} ms</span></summary>
<blockquote><cite>${escapeXml(clause.source)}</cite> ${escapeXml(clause.quote)}</blockquote>
${block('', reasons)}${block('Evidence', evidence)}${renderSequence(wire)}${block('On the wire', wire.map(wireLine))}${block('Again', [rerunCommand(result, check)])}
</details>`;
}

function block(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const heading = title === '' ? '' : `<h3>${title}</h3>`;
  return `${heading}<pre>${escapeXml(lines.join('\n'))}</pre>\n`;
}
