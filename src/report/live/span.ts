// Text with looks, cut to the width of a terminal before it is painted, so that escape codes never count as columns.
import { oneLineText } from '../format/terminal-text.ts';

export type Look = 'plain' | 'quiet' | 'strong' | 'good' | 'bad' | 'accent';

export interface Span {
  readonly text: string;
  readonly look: Look;
}

/** Puts a look on a text; the identity where colors are not wanted. */
export type Paint = (look: Look, text: string) => string;

export function plainText(_look: Look, text: string): string {
  return text;
}

const CODES: Readonly<Record<Look, string>> = {
  plain: '',
  quiet: '\u001b[2m',
  strong: '\u001b[1m',
  good: '\u001b[32m',
  bad: '\u001b[31m',
  accent: '\u001b[36m',
};

export function coloredText(look: Look, text: string): string {
  return look === 'plain' || text.trim() === '' ? text : `${CODES[look]}${text}\u001b[0m`;
}

export function span(text: string, look: Look = 'plain'): Span {
  return { text, look };
}

/** No longer than `columns`; what is cut ends in an ellipsis. Every character counts as one column. */
export function renderSpans(spans: readonly Span[], columns: number, paint: Paint): string {
  let free = columns;
  let line = '';
  for (const [at, { text, look }] of spans.entries()) {
    const characters = [...oneLineText(text)];
    const isCut = characters.length > free || (characters.length === free && hasMore(spans, at));
    line += paint(
      look,
      isCut ? `${characters.slice(0, Math.max(0, free - 1)).join('')}…` : characters.join(''),
    );
    if (isCut) return line;
    free -= characters.length;
  }
  return line;
}

function hasMore(spans: readonly Span[], at: number): boolean {
  return spans.slice(at + 1).some(({ text }) => text.trim() !== '');
}
