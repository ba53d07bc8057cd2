// The words of one fault: `name` or `name=value`, a value in quotes where it has blanks.
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';

export interface FaultWord {
  readonly name: string;
  /** Without its quotes; undefined where the word has no equals sign. */
  readonly value: string | undefined;
  /** As it was written. */
  readonly text: string;
}

const WORD = /^([A-Za-z-]+)(?:=(?:'([^']*)'|"([^"]*)"|([^\s'"]*)))?(?=\s|$)/;

export function splitWords(written: string): Parsed<readonly FaultWord[]> {
  const words: FaultWord[] = [];
  for (let rest = written.trim(); rest !== ''; ) {
    const match = WORD.exec(rest);
    if (match === null)
      return unparsed(
        `"${rest}" is not name=value; put a value that has blanks in quotes, as in exec='make deploy'`,
      );
    const [text, name = '', single, double, plain] = match;
    words.push({ name, value: single ?? double ?? plain, text });
    rest = rest.slice(text.length).trimStart();
  }
  return words.length > 0
    ? parsed(words)
    : unparsed('a fault cannot be empty: write one such as restart at=15s');
}
