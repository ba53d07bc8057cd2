// The kill matrix as a page (docs/kill-matrix.html): one row a hub, one column a check, colored by verdict. A pure
// function of the rows. Closing tags of cells are left out, as HTML allows: there are 30,000 cells.
import { readFileSync } from 'node:fs';
import type { Check } from '../../../conformance/check.ts';
import type { Verdict } from '../../../conformance/finding.ts';
import { groupBy } from '../../../report/format/group-by.ts';
import { type Html, html, trustedHtml } from '../../../report/format/html.ts';
import { checksWith, type MatrixRow } from '../row.ts';
import { findShortfalls } from '../shortfalls.ts';
import { HEAT_MAP_STYLE } from './heat-map-style.ts';
import { describeTotals } from './matrix-totals.ts';

const CELLS: Readonly<Record<Verdict, Html>> = {
  pass: html`<td>`,
  fail: html`<td class=f>F`,
  warn: html`<td class=w>W`,
  skip: html`<td class=s>–`,
  error: html`<td class=e>E`,
};
const NAMED = { fail: html`<td class="f n">F`, warn: html`<td class="w n">W` } as const;
const MISSED = html`<td class=x>!`;
const NOT_RUN = html`<td class=u>?`;

export function renderHeatMap(rows: readonly MatrixRow[], checks: readonly Check[]): string {
  const groups = [...groupBy(rows, ({ subject }) => subject.group)];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>Kill matrix of norn-conformance</title>
<style>${trustedHtml(HEAT_MAP_STYLE)}</style>
</head>
<body>
<div class="page">
${renderIntroduction(rows, checks)}
${renderFilter(checks)}
<div class="frame" tabindex="0" role="region" aria-label="Kill matrix">
<table>
${renderHead(checks)}
${groups.map(([title, members]) => renderGroup(title, members, checks))}
${renderTotals(rows, checks)}
</table>
</div>
</div>
<output id="about">Point at a cell to see the hub, the check and the verdict.</output>
<script type="module">${trustedHtml(readFileSync(new URL('./page-script.js', import.meta.url), 'utf8'))}</script>
</body>
</html>
`.toString();
}

function renderIntroduction(rows: readonly MatrixRow[], checks: readonly Check[]): Html {
  const shortfalls = findShortfalls(rows, checks);
  return html`<h1>Kill matrix</h1>
<p class="text">How the suite itself is tested: every check of <code>norn-conformance</code> runs on every hub. A known-bad hub has one defect, and the checks that name the defect must catch it. ${describeTotals(rows, checks)}</p>
${shortfalls.length > 0 && html`<ul class="shortfalls">${shortfalls.map((each) => html`<li>${each}</li>`)}</ul>`}
<ul class="legend"><li><i></i> pass<li><i class="f">F</i> fail<li><i class="w">W</i> warn<li><i class="s">–</i> not judged<li><i class="e">E</i> error<li><i class="f n">F</i> caught by a check that must catch it<li><i class="x">!</i> missed by a check that must catch it<li><i class="u">?</i> not run yet</ul>`;
}

function renderFilter(checks: readonly Check[]): Html {
  const chapters = [...new Set(checks.map(({ chapter }) => chapter))];
  return html`<div role="search"><input type="search" id="words" placeholder="filter hubs by name, class, words or check (press /)" aria-label="filter hubs" aria-keyshortcuts="/">
<select id="chapter" aria-label="chapter of checks"><option value="">all checks</option>${chapters.map((chapter) => html`<option>${chapter}</option>`)}</select>
<output id="shown"></output></div>`;
}

function renderHead(checks: readonly Check[]): Html {
  const heads = checks.map(({ id, chapter }, at) => {
    const isFirst = checks[at - 1]?.chapter !== chapter;
    const name = id.slice(chapter.length + 1);
    return html`<th scope="col" data-check="${id}"${isFirst && html` class="first"`}><div><span>${isFirst && html`<b>${chapter}</b> `}${name}</span></div>`;
  });
  return html`<thead><tr><th>hub<th><div><span>checks that fail</span></div>${heads}</thead>`;
}

function renderGroup(title: string, rows: readonly MatrixRow[], checks: readonly Check[]): Html {
  return html`<tbody><tr class="group"><th scope="rowgroup">${title} <small>${rows.length}</small><td colspan="${checks.length + 1}">
${rows.map((row) => renderRow(row, checks))}</tbody>
`;
}

function renderRow(row: MatrixRow, checks: readonly Check[]): Html {
  const { id, bugClass, summary } = row.subject;
  return html`<tr data-hub="${id}"><th scope=row><span class=ids>${id}</span> <small>${bugClass}</small><p>${summary}</p><td class=t>${checksWith(row, 'fail').length}${checks.map((check) => renderCell(row, check))}
`;
}

function renderCell({ subject, verdicts }: MatrixRow, { id }: Check): Html {
  const verdict = verdicts.get(id);
  const wanted = subject.namedBy[id];
  if (verdict === undefined) return NOT_RUN;
  if (wanted === undefined) return CELLS[verdict];
  return verdict === wanted ? NAMED[wanted] : MISSED;
}

/** How many known-bad hubs each check fails, and how many it must catch. */
function renderTotals(rows: readonly MatrixRow[], checks: readonly Check[]): Html {
  const defects = rows.filter(({ subject }) => subject.kind === 'defect');
  const failing = checks.map(
    ({ id }) => defects.filter(({ verdicts }) => verdicts.get(id) === 'fail').length,
  );
  const named = checks.map(({ id }) => defects.filter(({ subject }) => id in subject.namedBy).length);
  const cells = (counts: readonly number[]): readonly Html[] =>
    counts.map((count) => html`<td><i>${count}</i>`);
  return html`<tfoot><tr><th scope=row>known-bad hubs that fail<td class=t>${cells(failing)}
<tr><th scope=row>known-bad hubs that the check must catch<td class=t>${cells(named)}</tfoot>`;
}
