// Lines on a terminal that are redrawn in place. The cursor is never hidden and always rests at the start of the line
// below them, so that a second Ctrl-C or a crash leaves a clean terminal too.
import { stripVTControlCharacters } from 'node:util';

export interface ScreenOutput {
  write(text: string): void;
  /** The present size; the terminal may be resized at any time. */
  columns(): number;
}

export interface Screen {
  /** Replaces the last lines by these. None may be wider than the terminal. */
  draw(lines: readonly string[]): void;
  /** Erases the lines. */
  clear(): void;
  /** Keeps the drawn lines and draws the next ones below: another program wrote to the terminal. */
  leave(): void;
}

// Terminals with synchronized updates show each redraw at once; others ignore the two codes.
const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';
// Before the text: in the last column some terminals would erase the character just written.
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

export function createScreen(output: ScreenOutput): Screen {
  let widths: readonly number[] = [];

  /** A terminal that became narrower has wrapped the lines. */
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
