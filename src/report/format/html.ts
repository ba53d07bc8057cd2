// HTML as a tagged template that escapes by default: whatever is put into a template is text, unless another template
// made it. Few lines of our own instead of a library, because pages are plain strings and there is no DOM.
import { visibleText } from './visible-text.ts';

/** What a template may contain. Lists are joined; null, undefined and false are nothing. */
export type HtmlValue = Html | string | number | false | null | undefined | readonly HtmlValue[];

/** Markup that a template made. The private field keeps a plain string from passing as one. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** Values are safe between tags and inside quoted attributes, not in scripts, styles or unquoted attributes. */
export function html(literals: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = literals[0] ?? '';
  for (const [at, value] of values.entries()) markup += render(value) + (literals[at + 1] ?? '');
  return new Html(markup);
}

/** For styles and scripts of this package only; nothing that a run or a hub said may get here. */
export function trustedHtml(markup: string): Html {
  return new Html(markup);
}

/** Data for a script, as the content of `<script type="application/json">`. */
export function scriptData(data: unknown): Html {
  return new Html(JSON.stringify(data).replaceAll('<', '\\u003c'));
}

export const NOTHING = new Html('');

export function isEmpty(value: Html): boolean {
  return value.toString() === '';
}

function render(value: HtmlValue): string {
  if (value instanceof Html) return value.toString();
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  if (value === null || value === undefined || value === false) return '';
  let markup = '';
  for (const each of value) markup += render(each);
  return markup;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}
