// Lines on a terminal that are redrawn in place. The cursor is never hidden and always rests at the start of the line
// below them, so that whatever ends the program, a second Ctrl-C or a crash too, leaves a clean terminal.
import { stripVTControlCharacters } from 'node:util';

export interface ScreenOutput {
  write(text: string): void;
  /** As the terminal is now; it may be resized at any time. */
  columns(): number;
}

export interface Screen {
  /** Puts these lines where the last ones were. None may be wider than the terminal. */
  draw(lines: readonly string[]): void;
  /** Takes the lines away. */
  clear(): void;
  /** What was drawn stays where it is, and the next lines are drawn below: someone else wrote to the terminal. */
  leave(): void;
}

// Terminals that know synchronized updates show each redraw at once; the others ignore the two codes.
const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';
// Before the text: in the last column some terminals would erase the character just written.
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

export function createScreen(output: ScreenOutput): Screen {
  let widths: readonly number[] = [];

  /** A terminal made narrower since has broken the lines into more. */
  function toTop(): string {
    const columns = Math.max(1, output.columns());
    const height = widths.reduce((total, width) => total + Math.max(1, Math.ceil(width / columns)), 0);
    return height === 0 ? '\r' : `\r\u001b[${height}A`;
  }

  return {
    draw(lines) {
      const text = lines.map((line) => `${CLEAR_LINE}${line}\n`).join('');
      output.write(`${BEGIN}${toTop()}${text}${CLEAR_BELOW}${END}`);
      widths = lines.map((line) => [...stripVTControlCharacters(line)].length);
    },
    clear() {
      if (widths.length > 0) output.write(`${toTop()}${CLEAR_BELOW}`);
      widths = [];
    },
    leave() {
      widths = [];
    },
  };
}
