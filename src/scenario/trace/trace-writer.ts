// Writes a trace line by line as events arrive. A full disk ends the writing and is reported; it never loses an earlier
// line.
import { closeSync, openSync, writeSync } from 'node:fs';
import type { TraceLine } from './trace.ts';

export interface TraceWriter {
  write(line: TraceLine): void;
  /** Writes buffered lines to the file; the owner calls it about every fifth of a second, and at the end. */
  flush(): void;
  close(): void;
  /** Why nothing more is written. */
  readonly problem: string | undefined;
  readonly lines: number;
}

const BUFFERED_CHARS = 64 * 1_024;

/** Throws the system's error when the file cannot be created. Never overwrites an existing file. */
export function openTraceWriter(path: string): TraceWriter {
  return createTraceWriter(openSync(path, 'wx'), path);
}

/** Takes over an open file; `path` is for error messages. */
export function createTraceWriter(descriptor: number, path: string): TraceWriter {
  let waiting = '';
  let [lines, isClosed] = [0, false];
  let problem: string | undefined;

  function flush(): void {
    if (problem !== undefined || waiting === '' || isClosed) return;
    const bytes = Buffer.from(waiting);
    waiting = '';
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    } catch (error) {
      problem = `cannot continue writing ${path}: ${(error as Error).message}`;
    }
  }

  return {
    write(line) {
      if (problem !== undefined || isClosed) return;
      waiting += `${JSON.stringify(line)}\n`;
      lines++;
      if (waiting.length >= BUFFERED_CHARS) flush();
    },
    flush,
    close() {
      flush();
      if (!isClosed) closeSync(descriptor);
      isClosed = true;
    },
    get problem() {
      return problem;
    },
    get lines() {
      return lines;
    },
  };
}
