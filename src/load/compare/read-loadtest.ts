// A loadtest.json from disk, checked against its schema before anything is made of it.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import type { LoadtestResult } from '../result.ts';

const validate = new Ajv2020({
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
}).compile<LoadtestResult>(
  JSON.parse(readFileSync(new URL('../schemas/loadtest.schema.json', import.meta.url), 'utf8')) as object,
);

/** The error names the file, the place in it and the rule. */
export function readLoadtest(path: string): Parsed<LoadtestResult> {
  const file = readJson(path);
  if (!file.ok) return file;
  const { value } = file;
  if (validate(value)) return parsed(value);
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version === undefined) return unparsed(`${path}: not a loadtest.json: it has no schemaVersion`);
  const [error] = validate.errors ?? [];
  const where = error?.instancePath === '' ? 'the file' : (error?.instancePath ?? 'the file');
  return unparsed(
    `${path}: not a loadtest.json as this version of norn-loadtest writes it: ${where} ${error?.message ?? 'breaks the schema'}`,
  );
}

function readJson(path: string): Parsed<unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return unparsed(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    return parsed(JSON.parse(text));
  } catch (error) {
    return unparsed(`${path}: not JSON: ${(error as Error).message}`);
  }
}
