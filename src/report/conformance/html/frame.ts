// What conformance.html and the grid share: the frame of the page, the filter, and the card with what came out.
import { readFileSync } from 'node:fs';
import type { Verdict } from '../../../conformance/finding.ts';
import { escapeXml } from '../../format/xml-text.ts';
import { VERDICT_ORDER, VERDICT_WORDS } from '../facts.ts';
import { CONFORMANCE_HTML_STYLE } from './style.ts';

export function renderPage(title: string, style: string, body: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<title>${escapeXml(title)}</title>
<style>${CONFORMANCE_HTML_STYLE}${style}</style>
</head>
<body>
<div class="page">
${body.filter((part) => part !== '').join('\n')}
</div>
<script type="module">${readFileSync(new URL('./page-script.js', import.meta.url), 'utf8')}</script>
</body>
</html>
`;
}

export interface FilterParts {
  /** How many checks, or rows, there are of each verdict. */
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly labelOf: (verdict: Verdict) => string;
  readonly chapters: readonly string[];
  /** Of a grid: only rows on which hubs got different verdicts. */
  readonly differing?: number;
  /** Checks that open and close. */
  readonly canOpen: boolean;
}

export function renderFilter({ counts, labelOf, chapters, differing, canOpen }: FilterParts): string {
  const boxes = VERDICT_ORDER.filter((verdict) => counts[verdict] > 0).map(
    (verdict) =>
      `<label class="${verdict}"><input type="checkbox" name="verdict" value="${verdict}" checked> ${labelOf(verdict)} ${counts[verdict]}</label>`,
  );
  const differ =
    differing === undefined
      ? ''
      : `<label><input type="checkbox" id="differ"> hubs differ ${differing}</label>`;
  const options = chapters.map((name) => `<option>${escapeXml(name)}</option>`).join('');
  const buttons = canOpen
    ? '<button type="button" data-open="yes">open all</button><button type="button" data-open="no">close all</button>'
    : '';
  return `<form id="filter" role="search" aria-label="Checks">${boxes.join('')}${differ}
<select id="chapter" aria-label="chapter"><option value="">all chapters</option>${options}</select>
<input type="search" id="words" placeholder="search ids, facts, wire (press /)" aria-label="search in checks" aria-keyshortcuts="/">
<output id="shown"></output>${buttons}
</form>
<p class="no-match card" hidden>No check fits the filter.</p>`;
}

export function countVerdicts(verdicts: readonly Verdict[]): Record<Verdict, number> {
  const counts = { fail: 0, error: 0, warn: 0, skip: 0, pass: 0 };
  for (const verdict of verdicts) counts[verdict]++;
  return counts;
}

/** One bar: how many of each verdict, the worst first. */
export function renderShare(counts: Readonly<Record<Verdict, number>>): string {
  const parts = VERDICT_ORDER.filter((verdict) => counts[verdict] > 0);
  const words = parts.map((verdict) => `${counts[verdict]} ${VERDICT_WORDS[verdict]}`).join(', ');
  const bars = parts.map((verdict) => `<i class="${verdict}" style="flex:${counts[verdict]}"></i>`);
  return `<div class="share" role="img" aria-label="${words}">${bars.join('')}</div>`;
}
