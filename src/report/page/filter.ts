// The filter of a page of checks or fixtures: by verdict, by group and by words. scripts/filter.js makes it work.
import { type Html, html } from '../format/html.ts';

export interface FilterParts {
  /** What is filtered, in the plural: checks, fixtures. */
  readonly what: string;
  /** The worst first. `value`: what items carry as `data-verdict`; default: the verdict itself. */
  readonly verdicts: readonly {
    readonly verdict: string;
    readonly value?: string;
    readonly label: string;
    readonly count: number;
  }[];
  /** What groups are called, and their names. */
  readonly groups?: { readonly what: string; readonly names: readonly string[] };
  /** Of a grid: rows on which hubs got different verdicts. */
  readonly differing?: number;
  /** Items open and close. */
  readonly canOpen: boolean;
}

export function renderFilter({ what, verdicts, groups, differing, canOpen }: FilterParts): Html {
  const boxes = verdicts
    .filter(({ count }) => count > 0)
    .map(
      ({ verdict, value = verdict, label, count }) =>
        html`<label class="${verdict}"><input type="checkbox" name="verdict" value="${value}" checked> ${label} ${count}</label>`,
    );
  const differ =
    differing !== undefined &&
    html`<label><input type="checkbox" id="differ"> hubs differ ${differing}</label>`;
  const choice =
    groups !== undefined &&
    html`<select id="chapter" aria-label="${groups.what}"><option value="">all ${groups.what}s</option>${groups.names.map((name) => html`<option>${name}</option>`)}</select>`;
  const buttons =
    canOpen &&
    html`<button type="button" data-open="yes">open all</button><button type="button" data-open="no">close all</button>`;
  return html`<form id="filter" role="search" aria-label="Filter">${boxes}${differ}
${choice}
<input type="search" id="words" placeholder="search ${what} (press /)" aria-label="search in ${what}" aria-keyshortcuts="/">
<output id="shown"></output>${buttons}
</form>
<p class="no-match card" hidden>Nothing matches the filter.</p>`;
}
