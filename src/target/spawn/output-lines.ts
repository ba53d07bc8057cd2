// What a child process prints: its output cut into lines, and the last lines kept for error messages. Both are
// bounded, so that a hub which prints without end costs the kit nothing.
import { StringDecoder } from 'node:string_decoder';

const MAX_LINE_CHARS = 1_048_576;

/** Calls `onLine` for each whole line, without its line end. Of an over-long line only the first MiB is passed on. */
export function createLineSplitter(onLine: (line: string) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let partial = '';
  return (chunk) => {
    const pieces = decoder.write(chunk).split('\n');
    pieces[0] = partial + pieces[0];
    partial = (pieces.pop() ?? '').slice(0, MAX_LINE_CHARS);
    for (const piece of pieces) onLine(piece.slice(0, MAX_LINE_CHARS).replace(/\r$/, ''));
  };
}

/** Remembers the last `maxLines` lines, each cut to `maxLineChars`. */
export class LastLines {
  readonly #maxLines: number;
  readonly #maxLineChars: number;
  readonly #lines: string[] = [];

  constructor(maxLines = 5, maxLineChars = 200) {
    this.#maxLines = maxLines;
    this.#maxLineChars = maxLineChars;
  }

  add(line: string): void {
    if (line.trim() === '') return;
    this.#lines.push(line.slice(0, this.#maxLineChars));
    if (this.#lines.length > this.#maxLines) this.#lines.shift();
  }

  /** The lines on one line, or undefined when there were none. */
  quote(): string | undefined {
    return this.#lines.length === 0 ? undefined : this.#lines.join(' | ');
  }
}
