// The html template: what each kind of value becomes.
import { describe, expect, it } from 'vitest';
import { type HtmlValue, html, isEmpty, NOTHING, scriptData, trustedHtml } from './html.ts';

describe('html', () => {
  it.each<[string, HtmlValue, string]>([
    ['text, escaped', '<b> & "q" \'a\'', '&lt;b&gt; &amp; &quot;q&quot; &#39;a&#39;'],
    ['a number', 1_234.5, '1234.5'],
    ['nothing for null', null, ''],
    ['nothing for undefined', undefined, ''],
    ['nothing for false', false, ''],
    ['another template', html`<i>${'<'}</i>`, '<i>&lt;</i>'],
    ['a list, joined', ['<', html`<br>`, [1, null]], '&lt;<br>1'],
    ['control characters, made visible', 'a\u0000\u001b\tb\ud800', 'a\\u0000\\u001b\tb\\ud800'],
    ['trusted markup', trustedHtml('<hr>'), '<hr>'],
  ])('renders %s', (_, value, markup) => {
    expect(html`<p>${value}</p>`.toString()).toBe(`<p>${markup}</p>`);
  });

  it('keeps data of a script from ending the script', () => {
    expect(scriptData({ a: '</script>' }).toString()).toBe('{"a":"\\u003c/script>"}');
  });

  it('tells markup from nothing', () => {
    expect([isEmpty(NOTHING), isEmpty(html``), isEmpty(html`x`)]).toEqual([true, true, false]);
  });
});
