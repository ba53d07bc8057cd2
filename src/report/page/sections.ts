// Pieces that pages are made of: sections with a title, tables that scroll by themselves, names with values, bars.
import { type Html, type HtmlValue, html, NOTHING } from '../format/html.ts';
import type { Rows } from '../format/rows.ts';

export interface PageSection {
  readonly id: string;
  readonly title: string;
  readonly content: HtmlValue;
  /** May be broken over sheets of paper. */
  readonly isLong?: boolean;
  /** Its parts are cards of their own. */
  readonly isBare?: boolean;
}

export function renderSection({ id, title, content, isLong = false, isBare = false }: PageSection): Html {
  const kind = isBare ? 'bare' : isLong ? 'card long' : 'card';
  return html`<section id="${id}" class="${kind}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>\n${content}</section>\n`;
}

export function renderNavigation(sections: readonly PageSection[]): Html {
  const links = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  return html`<nav class="sections" aria-label="Sections"><ul>${links}</ul></nav>`;
}

export interface TableLooks {
  /** Words in lines that wrap, instead of numbers that do not. */
  readonly isText?: boolean;
  readonly cellClass?: (row: number, column: number) => string;
}

/** A table that scrolls by itself when the page is narrow; nothing without rows. */
export function renderTable(caption: string, { head, rows }: Rows, looks: TableLooks = {}): Html {
  if (rows.length === 0) return NOTHING;
  const { isText = false, cellClass = () => '' } = looks;
  const heads = head.map((cell) => (cell === '' ? html`<td></td>` : html`<th scope="col">${cell}</th>`));
  const body = rows.map((row, at) => {
    const cells = row.map((cell, column) => {
      const name = cellClass(at, column);
      return name === '' ? html`<td>${cell}</td>` : html`<td class="${name}">${cell}</td>`;
    });
    return html`<tr>${cells}</tr>`;
  });
  return renderScroll(
    caption,
    html`<table class="${isText ? 'text' : 'numbers'}"><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table>`,
  );
}

/** What is wider than a phone scrolls inside, by finger and by keyboard. */
export function renderScroll(label: string, content: HtmlValue): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${content}</div>`;
}

export function renderFacts(pairs: readonly (readonly [name: string, value: HtmlValue])[]): Html {
  return html`<dl class="facts">${pairs.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

export interface BarPart {
  /** The class that colors it. */
  readonly kind: string;
  readonly name: string;
  readonly size: number;
  /** Its size in words. */
  readonly text: string;
}

/** Parts of a whole side by side, and a key that says what each is. */
export function renderBar(parts: readonly BarPart[]): Html {
  const spans = parts
    .filter(({ size }) => size > 0)
    .map(({ kind, size }) => html`<span class="${kind}" style="flex:${size}"></span>`);
  const key = parts.map(
    ({ kind, name, text }) => html`<li><i class="${kind}"></i>${name}: <strong>${text}</strong></li>`,
  );
  return html`<div class="bar" aria-hidden="true">${spans}</div><ul class="key">${key}</ul>`;
}
