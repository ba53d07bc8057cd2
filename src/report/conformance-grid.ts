// Several hubs judged by the same checks, side by side in one offline page: a row for each check, a column for each hub,
// and under it what was seen where a check did not pass.
import type { Verdict } from '../conformance/finding.ts';
import type { CheckResult, ConformanceResult } from '../conformance/result.ts';
import { countsLine, reasonLines, VERDICT_ORDER, VERDICT_WORDS } from './conformance-facts.ts';
import {
  CONFORMANCE_GRID_STYLE,
  CONFORMANCE_HTML_SCRIPT,
  CONFORMANCE_HTML_STYLE,
} from './conformance-html-page.ts';
import { measurementName, measurementText } from './measurement-text.ts';
import { escapeXml } from './xml-text.ts';

export interface JudgedHub {
  /** What the column is called. */
  readonly name: string;
  readonly result: ConformanceResult;
}

/** One check on every hub; undefined where a run did not have it. */
interface Row {
  readonly check: CheckResult;
  readonly onHubs: readonly (CheckResult | undefined)[];
}

export function renderConformanceGrid(hubs: readonly JudgedHub[]): string {
  const rows = collectRows(hubs);
  const chapters = [...new Set(rows.map(({ check }) => check.chapter))];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Conformance of ${hubs.length} hubs</title>
<style>${CONFORMANCE_HTML_STYLE}${CONFORMANCE_GRID_STYLE}</style>
</head>
<body>
<header>
<h1>Conformance of ${hubs.length} hubs</h1>
<ul>${hubs.map(({ name, result }) => `<li><strong>${escapeXml(name)}</strong>: ${escapeXml(countsLine(result))} <span class="quiet">${escapeXml(result.target.url)}, ${escapeXml(result.startedAt)}</span></li>`).join('')}</ul>
</header>
${renderFilter(rows)}
<main>
${chapters.map((chapter) => renderChapter(chapter, hubs, rows)).join('\n')}
</main>
${renderMeasurements(hubs)}
<script>${CONFORMANCE_HTML_SCRIPT}</script>
</body>
</html>
`;
}

function collectRows(hubs: readonly JudgedHub[]): Row[] {
  const checks = new Map<string, CheckResult>();
  for (const { result } of hubs)
    for (const check of result.checks) if (!checks.has(check.id)) checks.set(check.id, check);
  return [...checks.values()].map((check) => ({
    check,
    onHubs: hubs.map(({ result }) => result.checks.find(({ id }) => id === check.id)),
  }));
}

/** What a row counts as: the worst that any hub got. */
function worstOf({ onHubs }: Row): Verdict {
  return VERDICT_ORDER.find((verdict) => onHubs.some((one) => one?.verdict === verdict)) ?? 'skip';
}

function renderFilter(rows: readonly Row[]): string {
  const boxes = VERDICT_ORDER.flatMap((verdict) => {
    const count = rows.filter((row) => worstOf(row) === verdict).length;
    if (count === 0) return [];
    return [
      `<label class="${verdict}"><input type="checkbox" value="${verdict}" checked> ${verdict === 'pass' ? 'all pass' : `some ${VERDICT_WORDS[verdict]}`} ${count}</label>`,
    ];
  });
  return `<form id="filter" role="search">${boxes.join('\n')}
<input type="search" id="words" placeholder="filter by id or text" aria-label="filter by id or text">
</form>`;
}

function renderChapter(chapter: string, hubs: readonly JudgedHub[], rows: readonly Row[]): string {
  const head = hubs.map(({ name }) => `<th scope="col">${escapeXml(name)}</th>`).join('');
  const inChapter = rows.filter(({ check }) => check.chapter === chapter);
  return `<section id="chapter-${chapter}"><h2>${chapter}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="${chapter}"><table class="grid"><thead><tr><th scope="col">check</th>${head}</tr></thead><tbody>
${inChapter.map((row) => renderRow(row, hubs)).join('\n')}
</tbody></table></div>
</section>`;
}

function renderRow(row: Row, hubs: readonly JudgedHub[]): string {
  const { check, onHubs } = row;
  const cells = onHubs.map((one) =>
    one === undefined
      ? '<td class="none">-</td>'
      : `<td class="verdict ${one.verdict}">${VERDICT_WORDS[one.verdict]}</td>`,
  );
  return `<tr class="check" data-verdict="${worstOf(row)}"><th scope="row"><code>${check.id}</code><span class="quiet">${check.level}: ${escapeXml(check.title)}</span>${renderReasons(row, hubs)}</th>${cells.join('')}</tr>`;
}

/** What was seen on the hubs on which it did not pass. */
function renderReasons({ onHubs }: Row, hubs: readonly JudgedHub[]): string {
  const lines = onHubs.flatMap((one, at) =>
    one === undefined || one.verdict === 'pass'
      ? []
      : [`${hubs[at]?.name} ${VERDICT_WORDS[one.verdict]}`, ...reasonLines(one).map((line) => `  ${line}`)],
  );
  return lines.length === 0
    ? ''
    : `<details><summary>what was seen</summary><pre>${escapeXml(lines.join('\n'))}</pre></details>`;
}

function renderMeasurements(hubs: readonly JudgedHub[]): string {
  const names = [...new Set(hubs.flatMap(({ result }) => Object.keys(result.measurements)))];
  if (names.length === 0) return '';
  const head = hubs.map(({ name }) => `<th scope="col">${escapeXml(name)}</th>`).join('');
  const rows = names.map((name) => {
    const cells = hubs.map(({ result }) => {
      const value = result.measurements[name];
      return `<td>${value === undefined ? '-' : escapeXml(measurementText(name, value))}</td>`;
    });
    return `<tr><th scope="row">${escapeXml(measurementName(name))}</th>${cells.join('')}</tr>`;
  });
  return `<h2>Measurements</h2><div class="scroll" tabindex="0" role="region" aria-label="Measurements"><table class="grid"><thead><tr><th scope="col">what</th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
