// Files that people name, read up to a limit: parsing YAML takes some hundred times its size, so a file that is far too
// large is refused before anything is parsed. Also ends for files without an end, such as /dev/zero.
import { closeSync, openSync, readSync } from 'node:fs';
import { type Parsed, parsed, unparsed } from '../units/parsed.ts';

const MIB = 1024 * 1024;
/** Plans, scenarios, fixtures, lists of known failures. */
export const MAX_YAML_BYTES = MIB;
/** Recorded traces and result files. */
export const MAX_DATA_BYTES = 256 * MIB;
/** Templates of request bodies. */
export const MAX_TEMPLATE_BYTES = MIB;

const PIECE_BYTES = 256 * 1024;

/** The text of a file of at most `maxBytes`; the problem does not name the file. */
export function readLimitedFile(path: string, maxBytes: number): Parsed<string> {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    return unparsed(describeProblem(error));
  }
  try {
    const bytes = readUpTo(descriptor, maxBytes + 1);
    return bytes.length > maxBytes
      ? unparsed(`the file is larger than ${maxBytes / MIB} MiB, the limit for a file of this kind`)
      : parsed(bytes.toString('utf8'));
  } catch (error) {
    return unparsed(describeProblem(error));
  } finally {
    closeSync(descriptor);
  }
}

function readUpTo(descriptor: number, mostBytes: number): Buffer {
  const pieces: Buffer[] = [];
  let total = 0;
  while (total < mostBytes) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, mostBytes - total));
    const read = readSync(descriptor, piece, 0, piece.length, null);
    if (read === 0) break;
    pieces.push(piece.subarray(0, read));
    total += read;
  }
  return Buffer.concat(pieces, total);
}

function describeProblem(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'no such file';
  return code === 'EISDIR' ? 'is a folder, not a file' : `cannot be read (${code ?? message})`;
}
