// Several hubs judged by the same checks, side by side in one offline page: a row for each check, a column for each hub.
// Rows on which a hub did not pass come first.
import type { Verdict } from '../../../conformance/finding.ts';
import type { CheckResult, ConformanceResult } from '../../../conformance/result.ts';
import { type Html, html, NOTHING } from '../../format/html.ts';
import { renderFilter } from '../../page/filter.ts';
import { renderPage } from '../../page/page-frame.ts';
import { renderScroll, renderSection } from '../../page/sections.ts';
import { urlWords } from '../../target-words.ts';
import { countsLine, reasonLines, VERDICT_ORDER, VERDICT_WORDS } from '../facts.ts';
import { measurementName, measurementText } from '../measurement-text.ts';
import { GRID_STYLE } from './style.ts';
import { countVerdicts, filterVerdicts, renderShare } from './verdict-counts.ts';

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
  const bad = VERDICT_ORDER.flatMap((verdict) =>
    rows.filter((row) => worstOf(row) === verdict && needsAttention(row)),
  );
  const rest = rows.filter((row) => !needsAttention(row));
  const title = `Conformance of ${hubs.length} hubs`;
  return renderPage({
    title,
    heading: title,
    about: 'One row for each check; rows on which a hub did not pass come first.',
    top: html`<div class="hubs">${hubs.map(renderHub)}</div>
${renderFilter({
  what: 'ids, facts',
  verdicts: filterVerdicts(countVerdicts(rows.map(worstOf)), labelOf),
  groups: { what: 'chapter', names: chapters },
  differing: rows.filter(doesDiffer).length,
  canOpen: false,
})}`,
    main: [
      renderRows('not-passed', 'Not passed by every hub', hubs, bad),
      chapters.map((chapter) =>
        renderRows(
          `chapter-${chapter}`,
          chapter,
          hubs,
          rest.filter(({ check }) => check.chapter === chapter),
        ),
      ),
    ],
    footer: html`${renderMeasurements(hubs)}<p>This file needs no network; every number in it comes from a conformance.json.</p>`,
    styles: [GRID_STYLE],
    script: new URL('../../page/scripts/filter.js', import.meta.url),
  });
}

function labelOf(verdict: Verdict): string {
  return verdict === 'pass' ? 'all pass' : `some ${VERDICT_WORDS[verdict]}`;
}

function renderHub({ name, result }: JudgedHub): Html {
  return html`<section class="card"><h2>${name}</h2><div>${countsLine(result)}</div><p class="quiet">${urlWords(result.target)}, ${result.startedAt}</p>${renderShare(result.summary)}</section>`;
}

function collectRows(hubs: readonly JudgedHub[]): Row[] {
  const checks = new Map<string, CheckResult>();
  const byHub = hubs.map(({ result }) => new Map(result.checks.map((check) => [check.id, check])));
  for (const { result } of hubs)
    for (const check of result.checks) if (!checks.has(check.id)) checks.set(check.id, check);
  return [...checks.values()].map((check) => ({ check, onHubs: byHub.map((ofHub) => ofHub.get(check.id)) }));
}

/** What a row counts as: the worst that any hub got. */
function worstOf({ onHubs }: Row): Verdict {
  return VERDICT_ORDER.find((verdict) => onHubs.some((one) => one?.verdict === verdict)) ?? 'skip';
}

function needsAttention(row: Row): boolean {
  const worst = worstOf(row);
  return worst !== 'pass' && worst !== 'skip';
}

function doesDiffer({ onHubs }: Row): boolean {
  return new Set(onHubs.map((one) => one?.verdict)).size > 1;
}

function renderRows(id: string, title: string, hubs: readonly JudgedHub[], rows: readonly Row[]): Html {
  if (rows.length === 0) return NOTHING;
  const head = hubs.map(({ name }) => html`<th scope="col">${name}</th>`);
  return html`<section id="${id}" class="card long"><h2>${title}</h2>
${renderScroll(title, html`<table class="grid"><thead><tr><th scope="col">check</th>${head}</tr></thead><tbody>${rows.map((row) => renderRow(row, hubs))}</tbody></table>`)}
</section>`;
}

function renderRow(row: Row, hubs: readonly JudgedHub[]): Html {
  const { id, chapter, title, level } = row.check;
  const cells = row.onHubs.map((one) =>
    one === undefined
      ? html`<td class="none">-</td>`
      : html`<td class="verdict ${one.verdict}">${VERDICT_WORDS[one.verdict]}</td>`,
  );
  return html`<tr class="check item" id="${id}" data-chapter="${chapter}" data-verdict="${worstOf(row)}" data-differs="${doesDiffer(row) ? 'yes' : 'no'}"><th scope="row">${title} <code>${id}, ${level}</code>${renderReasons(row, hubs)}</th>${cells}</tr>`;
}

/** What was seen on the hubs on which it did not pass. */
function renderReasons({ onHubs }: Row, hubs: readonly JudgedHub[]): Html {
  const lines = onHubs.flatMap((one, at) =>
    one === undefined || one.verdict === 'pass'
      ? []
      : [`${hubs[at]?.name} ${VERDICT_WORDS[one.verdict]}`, ...reasonLines(one).map((line) => `  ${line}`)],
  );
  if (lines.length === 0) return NOTHING;
  return html`<details><summary>what was seen</summary><pre>${lines.join('\n')}</pre></details>`;
}

function renderMeasurements(hubs: readonly JudgedHub[]): Html {
  const names = [...new Set(hubs.flatMap(({ result }) => Object.keys(result.measurements)))];
  if (names.length === 0) return NOTHING;
  const head = hubs.map(({ name }) => html`<th scope="col">${name}</th>`);
  const rows = names.map((name) => {
    const cells = hubs.map(({ result }) => {
      const value = result.measurements[name];
      return html`<td>${value === undefined ? '-' : measurementText(name, value)}</td>`;
    });
    return html`<tr><th scope="row">${measurementName(name)}</th>${cells}</tr>`;
  });
  const table = html`<table class="grid measured"><thead><tr><th scope="col">what</th>${head}</tr></thead><tbody>${rows}</tbody></table>`;
  return renderSection({
    id: 'measurements',
    title: 'Measurements',
    content: renderScroll('Measurements, table', table),
    isLong: true,
  });
}
