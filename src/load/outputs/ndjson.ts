// One JSON line a second, straight to a file, so that whatever ends the run leaves what was seen until then. Written at
// once and not buffered: a line is about a kilobyte.
import { closeSync, openSync, writeSync } from 'node:fs';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import type { ProgressView } from '../run-options.ts';
import type { Output } from './output.ts';

export const SAMPLES_VERSION = 1;
const INTERVAL_MILLIS = 1_000;

/** Opens the file anew; the problem says why it cannot be. Lines: `samples`, then `sample` each second, then `end`. */
export function openNdjson(path: string, startedAt: string): Parsed<Output> {
  let file: number;
  try {
    file = openSync(path, 'w');
  } catch (error) {
    return unparsed(`${path} cannot be written: ${(error as Error).message}`);
  }
  let problem: string | undefined;
  let [nextMillis, lines] = [0, 0];
  let latest: ProgressView | undefined;

  function write(line: object): void {
    if (problem !== undefined) return;
    try {
      writeSync(file, `${JSON.stringify(line)}\n`);
      lines++;
    } catch (error) {
      problem = `${path} is not complete, it ends after ${lines} lines: ${(error as Error).message}`;
    }
  }

  write({ kind: 'samples', version: SAMPLES_VERSION, startedAt });
  return parsed({
    where: path,
    take(view) {
      latest = view;
      if (view.elapsedMillis < nextMillis) return;
      nextMillis = view.elapsedMillis + INTERVAL_MILLIS;
      write({ kind: 'sample', ...view });
    },
    async end(how) {
      if (latest !== undefined) write({ kind: 'sample', ...latest });
      write({ kind: 'end', how });
      closeSync(file);
      return problem;
    },
  });
}
