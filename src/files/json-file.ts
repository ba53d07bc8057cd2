// JSON files that people name: what is wrong with one is a sentence that names the file.
import { readFileSync } from 'node:fs';
import { type Parsed, parsed, unparsed } from '../units/parsed.ts';

export function readJsonFile(path: string): Parsed<unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return unparsed(code === 'ENOENT' ? `${path}: no such file` : `${path}: cannot be read (${code})`);
  }
  try {
    return parsed(JSON.parse(text));
  } catch (error) {
    return unparsed(`${path}: not JSON: ${(error as Error).message}`);
  }
}
