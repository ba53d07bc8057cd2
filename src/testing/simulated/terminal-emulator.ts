// The part of a terminal that redrawn lines need: a cursor, lines that wrap at the width, and the codes that move and
// erase. An unknown code throws.

export interface TerminalEmulator {
  write(text: string): void;
  /** The visible text, without trailing spaces. */
  lines(): string[];
  cursor(): { readonly row: number; readonly column: number };
}

const ESCAPE = '\u001b';
const TOKEN = new RegExp(`${ESCAPE}\\[(\\?)?(\\d*)([A-Za-z])|[^]`, 'gu');

export function createTerminalEmulator(columns: number): TerminalEmulator {
  const rows: string[][] = [[]];
  let row = 0;
  let column = 0;

  const at = (index: number) => {
    while (rows.length <= index) rows.push([]);
    return rows[index] as string[];
  };

  function obey(code: string, count: number): void {
    if (code === 'A') row = Math.max(0, row - count);
    else if (code === 'K') at(row).length = Math.min(at(row).length, column);
    else if (code === 'J') {
      at(row).length = Math.min(at(row).length, column);
      rows.length = row + 1;
    } else if (code !== 'm') throw new Error(`unknown escape code ${code}`);
  }

  function put(character: string): void {
    if (character === '\n') {
      row++;
      column = 0;
    } else if (character === '\r') column = 0;
    else {
      if (column === columns) {
        row++;
        column = 0;
      }
      const line = at(row);
      while (line.length < column) line.push(' ');
      line[column++] = character;
    }
  }

  return {
    write(text) {
      for (const [token, isPrivate, count, code] of text.matchAll(TOKEN)) {
        if (code === undefined) put(token);
        else if (isPrivate === undefined) obey(code, count === '' || count === undefined ? 1 : Number(count));
      }
    },
    lines: () => rows.map((line) => line.join('').trimEnd()),
    cursor: () => ({ row, column }),
  };
}
