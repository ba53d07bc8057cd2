// JSON files that people name: what is wrong with one is a sentence that names the file.
import { type Parsed, parsed, unparsed } from '../units/parsed.ts';
import { MAX_DATA_BYTES, readLimitedFile } from './limited-file.ts';

export function readJsonFile(path: string): Parsed<unknown> {
  const text = readLimitedFile(path, MAX_DATA_BYTES);
  if (!text.ok) return unparsed(`${path}: ${text.problem}`);
  try {
    return parsed(JSON.parse(text.value));
  } catch (error) {
    return unparsed(`${path}: not JSON: ${(error as Error).message}`);
  }
}
