// Several hubs judged by the same checks, side by side in one offline page: a row for each check, a column for each hub,
// and under it what was seen where a check did not pass.
import type { Verdict } from '../../../conformance/finding.ts';
import type { CheckResult, ConformanceResult } from '../../../conformance/result.ts';
import { escapeXml } from '../../format/xml-text.ts';
import { countsLine, reasonLines, VERDICT_ORDER, VERDICT_WORDS } from '../facts.ts';
import { measurementName, measurementText } from '../measurement-text.ts';
import { countVerdicts, renderFilter, renderPage, renderShare } from './frame.ts';
import { CONFORMANCE_GRID_STYLE } from './style.ts';

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
  const title = `Conformance of ${hubs.length} hubs`;
  return renderPage(title, CONFORMANCE_GRID_STYLE, [
    `<header><h1>${title}</h1></header>`,
    `<div class="hubs">${hubs.map(renderHub).join('')}</div>`,
    renderFilter({
      counts: countVerdicts(rows.map(worstOf)),
      labelOf: (verdict) => (verdict === 'pass' ? 'all pass' : `some ${VERDICT_WORDS[verdict]}`),
      chapters,
      differing: rows.filter(doesDiffer).length,
      canOpen: false,
    }),
    `<main>${chapters.map((chapter) => renderChapter(chapter, hubs, rows)).join('\n')}</main>`,
    renderMeasurements(hubs),
  ]);
}

function renderHub({ name, result }: JudgedHub): string {
  return `<section class="card"><h2>${escapeXml(name)}</h2><div>${escapeXml(countsLine(result))}</div><p class="quiet">${escapeXml(result.target.url)}, ${escapeXml(result.startedAt)}</p>${renderShare(result.summary)}</section>`;
}

function collectRows(hubs: readonly JudgedHub[]): Row[] {
  const checks = new Map<string, CheckResult>();
  const byHub = hubs.map(({ result }) => new Map(result.checks.map((check) => [check.id, check])));
  for (const { result } of hubs)
    for (const check of result.checks) if (!checks.has(check.id)) checks.set(check.id, check);
  return [...checks.values()].map((check) => ({
    check,
    onHubs: byHub.map((ofHub) => ofHub.get(check.id)),
  }));
}

/** What a row counts as: the worst that any hub got. */
function worstOf({ onHubs }: Row): Verdict {
  return VERDICT_ORDER.find((verdict) => onHubs.some((one) => one?.verdict === verdict)) ?? 'skip';
}

function doesDiffer({ onHubs }: Row): boolean {
  return new Set(onHubs.map((one) => one?.verdict)).size > 1;
}

function renderChapter(chapter: string, hubs: readonly JudgedHub[], rows: readonly Row[]): string {
  const head = hubs.map(({ name }) => `<th scope="col">${escapeXml(name)}</th>`).join('');
  const inChapter = rows.filter(({ check }) => check.chapter === chapter);
  return `<section id="chapter-${chapter}" class="card"><h2>${chapter}</h2>
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
  return `<tr class="check" id="${check.id}" data-chapter="${check.chapter}" data-verdict="${worstOf(row)}" data-differs="${doesDiffer(row) ? 'yes' : 'no'}"><th scope="row">${escapeXml(check.title)} <code>${check.id}, ${check.level}</code>${renderReasons(row, hubs)}</th>${cells.join('')}</tr>`;
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
  return `<section class="card" aria-label="Measurements"><h2>Measurements</h2><div class="scroll" tabindex="0" role="region" aria-label="Measurements, table"><table class="grid measured"><thead><tr><th scope="col">what</th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}
