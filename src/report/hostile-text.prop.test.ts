// What a hub says is arbitrary text: in no kind of output does it act.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotate, withoutLegacyCommands } from './format/github-annotation.ts';
import { escapeMarkdown, renderFence, renderList, renderTable } from './format/markdown.ts';
import { oneLineText, terminalText } from './format/terminal-text.ts';
import { visibleText } from './format/visible-text.ts';

/** Arbitrary text, made mostly of the pieces that have a meaning somewhere. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\u001b[2J',
        '\u009b31m',
        '\u0007',
        '\r',
        '\n',
        '\r\n',
        '::error file=x::',
        '##[error]',
        '<script>',
        '</td>',
        '|',
        '`',
        '```',
        '~~~',
        '\\',
        '[a](javascript:b)',
        '![',
        '&lt;',
        '*',
        '_',
        '\u202e',
        '\u2028',
        '\ud800',
        '%0A',
        ' ',
        '#',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('a terminal or log', () => {
  it('gets no control character but tab and line feed', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(terminalText(text)).not.toMatch(
          /(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069\u2028\u2029]|\p{Cs}/u,
        );
        expect(oneLineText(text)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });

  it('gets no line that is a command to GitHub Actions', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const line of terminalText(text).split(/\r\n|\r|\n/))
          expect(line.trim()).not.toMatch(/^::|##\[/);
      }),
    );
  });

  it('gets ordinary text as it is', () => {
    expect(terminalText('größer: ws://[::1]/ 👍\n\ta :: b # [x]')).toBe(
      'größer: ws://[::1]/ 👍\n\ta :: b # [x]',
    );
  });
});

describe('an annotation', () => {
  it('is one line and one command, whatever title and message are', () => {
    fc.assert(
      fc.property(hostile, hostile, (title, message) => {
        const line = annotate('error', title, message);
        expect(line).not.toMatch(/(?!\t)\p{Cc}/u);
        const [, property = '', rest = ''] = /^::error title=(.*?)::(.*)$/s.exec(line) ?? [];
        expect(property).not.toMatch(/[:,]/);
        expect(decode(rest)).toBe(withoutLegacyCommands(visibleText(message)));
      }),
    );
  });
});

const decode = (text: string) =>
  text.replace(/%(0A|0D|25)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

describe('Markdown', () => {
  it('gets no markup from a text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const escaped = escapeMarkdown(text);
        expect(escaped).not.toMatch(/[<>\n\r]/);
        // Whatever could be markup stands behind a backslash of its own.
        expect(escaped.replace(/\\[\\`*_~[\]|$#]/g, '')).not.toMatch(/[\\`*_~[\]|$#]/);
      }),
    );
  });

  it('keeps a table a table and a list a list', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), (cells) => {
        const table = renderTable({ head: cells.map(() => 'x'), rows: [cells] });
        const lines = table.split('\n');
        expect(lines).toHaveLength(3);
        expect(lines[2]?.match(/(?<!\\)(?:\\\\)*\|/g)).toHaveLength(cells.length + 1);
        expect(renderList(cells).split('\n')).toHaveLength(cells.length);
      }),
    );
  });

  it('never ends a fence inside', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const [first = '', ...others] = renderFence(text).split(/\r\n|\r|\n/);
        const ticks = /^`+/.exec(first)?.[0] ?? '';
        expect(others.filter((line) => line.trim().startsWith(ticks))).toHaveLength(1);
      }),
    );
  });
});
