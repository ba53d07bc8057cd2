// One JSON line a second, straight to a file, so that whatever ends the run leaves what was seen until then. Written at
// once and not buffered: a line is about a kilobyte. A disk that is full leaves whole lines only, and when it has room
// again the samples go on behind a line that says how many are missing.
import { closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import type { ProgressView } from '../coordinator/run-options.ts';
import type { Output, OutputContext } from './output.ts';

export const SAMPLES_VERSION = 1;
const INTERVAL_MILLIS = 1_000;
/** Appending, so that a line follows the last whole one also after what did not fit was taken back. */
const OPEN_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND;

/** Replaces the file; the problem says why it cannot. Lines: `samples`, then `sample` each second, then `end`. */
export function openNdjson(path: string, context: OutputContext): Parsed<Output> {
  const opened = openLines(path);
  if (!opened.ok) return opened;
  const lines = opened.value;
  let missing = 0;
  let hasWarned = false;
  let nextMillis = 0;
  let latest: ProgressView | undefined;

  function write(line: object): void {
    const gap = missing > 0 ? [{ kind: 'gap', missing }] : [];
    const problem = lines.append([...gap, line]);
    if (problem === undefined) {
      missing = 0;
      return;
    }
    missing++;
    if (hasWarned) return;
    hasWarned = true;
    context.warn(`${path} ends after ${lines.written()} lines for now, the run goes on without: ${problem}`);
  }

  write({
    kind: 'samples',
    version: SAMPLES_VERSION,
    kit: context.kitVersion,
    startedAt: new Date(context.clock.wallMillis()).toISOString(),
  });
  return parsed({
    where: path,
    take(view) {
      if (latest !== undefined && view.elapsedMillis < latest.elapsedMillis) nextMillis = 0;
      latest = view;
      if (view.elapsedMillis < nextMillis) return;
      nextMillis = view.elapsedMillis + INTERVAL_MILLIS;
      write({ kind: 'sample', ...view });
    },
    async end(how) {
      if (latest !== undefined) write({ kind: 'sample', ...latest });
      write({ kind: 'end', how });
      const problem = missing > 0 ? `${missing} lines could not be written` : undefined;
      const atClose = lines.close();
      if (problem ?? atClose)
        context.warn(
          `${path} is not complete, its ${lines.written()} lines are whole: ${problem ?? atClose}`,
        );
    },
  });
}

interface Lines {
  /** All of them or none; the answer is why none. */
  append(lines: readonly object[]): string | undefined;
  /** How many stand in the file. */
  written(): number;
  close(): string | undefined;
}

function openLines(path: string): Parsed<Lines> {
  let file: number;
  try {
    file = openSync(path, OPEN_FLAGS);
  } catch (error) {
    return unparsed(`${path} cannot be written: ${(error as Error).message}`);
  }
  let [wholeBytes, count] = [0, 0];
  return parsed({
    append(lines) {
      const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      const problem = attempt(() => {
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      });
      if (problem === undefined) {
        wholeBytes += bytes.length;
        count += lines.length;
        // What was written of a line that did not fit.
      } else attempt(() => ftruncateSync(file, wholeBytes));
      return problem;
    },
    written: () => count,
    close: () => attempt(() => closeSync(file)),
  });
}

/** Why it failed; undefined when it did not. */
function attempt(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
