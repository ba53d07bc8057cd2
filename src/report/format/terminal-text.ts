// Text for a terminal or a log. What a hub says may hold escape sequences, line ends without a line feed, marks that
// reverse the reading order, and lines that a CI system would obey: all of it is shown, none of it acts.
import { withoutLegacyCommands } from './github-annotation.ts';
import { visibleText } from './visible-text.ts';

/** A carriage return writes over its line; the others turn the order in which text is read. */
const DECEPTIVE = /[\r\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Keeps tabs and line feeds. Commands to GitHub Actions (`::error …`, `##[error]…`) lose their meaning. */
export function terminalText(text: string): string {
  return withoutLegacyCommands(visibleText(text))
    .replace(DECEPTIVE, writeCode)
    .replace(/^(\s*):(?=:)/gm, (_, space: string) => `${space}${writeCode(':')}`);
}

/** For a message that is one line. */
export function oneLineText(text: string): string {
  return terminalText(text.replace(/[\n\t]/g, writeCode));
}

function writeCode(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
