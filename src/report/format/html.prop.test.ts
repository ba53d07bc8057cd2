// Whatever text goes into a template, no element or attribute comes out that the template did not write.
import fc from 'fast-check';
import { type DefaultTreeAdapterMap, parseFragment } from 'parse5';
import { describe, expect, it } from 'vitest';
import { type Html, html, scriptData } from './html.ts';

type Node = DefaultTreeAdapterMap['childNode'];
type Page = (text: string) => Html;

const PAGES: Readonly<Record<string, Page>> = {
  'between tags': (text) => html`<p>${text}</p>`,
  'in a quoted attribute': (text) => html`<a title="${text}" id="one">x</a>`,
  'in a list of templates': (text) => html`<ul>${[text, text].map((each) => html`<li>${each}</li>`)}</ul>`,
  'in a table': (text) => html`<table><tbody><tr><td class="a">${text}</td></tr></tbody></table>`,
  'in SVG': (text) => html`<svg><title>${text}</title><text x="1">${text}</text></svg>`,
  'in preformatted text': (text) => html`<pre>${text}</pre>`,
  'as data of a script': (text) => html`<script type="application/json">${scriptData({ text })}</script>`,
};

/** Pieces that end a tag, a quote, a comment or a script, among any text at all. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '&',
        '`',
        '=',
        '</p>',
        '</script>',
        '<!--',
        '-->',
        ']]>',
        '<img src=x>',
      ),
      fc.constantFrom(
        '&lt;',
        '&#60;',
        '&quot',
        '\u0000',
        '\ud800',
        '\n',
        ' onerror=x',
        '</title>',
        '<![CDATA[',
      ),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));

describe('a page from templates', () => {
  it.each(Object.entries(PAGES))('has only its own elements and attributes, any text %s', (_, page) => {
    const own = outlineOf(page('text'));
    fc.assert(
      fc.property(anyText, (text) => {
        expect(outlineOf(page(text))).toEqual(own);
      }),
      { numRuns: 300 },
    );
  });

  it('shows any text that has no control characters as it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        fc.pre(!/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(text));
        const [node] = parseFragment(html`<b title="${text}">${text}</b>`.toString()).childNodes;
        expect(textOf(node)).toBe(text);
        expect(node !== undefined && 'attrs' in node && node.attrs[0]?.value).toBe(text);
      }),
    );
  });
});

/** Elements with the names of their attributes, as deep as they go; text, and values of attributes, left out. */
function outlineOf(markup: Html): unknown {
  const walk = (node: Node): unknown[] => {
    if (node.nodeName === '#text') return [];
    if (!('tagName' in node)) return [node.nodeName];
    return [[node.tagName, node.attrs.map(({ name }) => name), node.childNodes.flatMap(walk)]];
  };
  return parseFragment(markup.toString()).childNodes.flatMap(walk);
}

function textOf(node: Node | undefined): string {
  if (node === undefined) return '';
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}
