// loadtest.json: indented for people, but one line for each row of its long lists, which hold most of its bytes.
import type { LoadtestResult } from '../../load/result/result.ts';

const LONG_LISTS = ['timeline', 'samples', 'evictions'] as const;

export function renderLoadtestJson(result: LoadtestResult): string {
  let text = JSON.stringify({ ...result, ...emptyLists(result) }, null, 1);
  for (const name of LONG_LISTS) {
    const rows = result[name] ?? [];
    if (rows.length === 0) continue;
    const lines = rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n');
    // At the start of a line with one space it is the list of the result itself, and no text within it.
    text = text.replace(`\n "${name}": []`, () => `\n "${name}": [\n${lines}\n ]`);
  }
  return `${text}\n`;
}

function emptyLists(result: LoadtestResult): Partial<LoadtestResult> {
  return Object.fromEntries(LONG_LISTS.flatMap((name) => (result[name] === undefined ? [] : [[name, []]])));
}
