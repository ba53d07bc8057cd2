// A loadtest.json from disk, checked against its schema before anything is made of it.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describeMisfit, readJsonFile } from '../../units/json-file.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { LOADTEST_SCHEMA_VERSION, type LoadtestResult } from '../result.ts';

const validate = new Ajv2020({
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
}).compile<LoadtestResult>(
  JSON.parse(readFileSync(new URL('../schemas/loadtest.schema.json', import.meta.url), 'utf8')) as object,
);

/** The error names the file, the place in it and the rule. */
export function readLoadtest(path: string): Parsed<LoadtestResult> {
  const file = readJsonFile(path);
  if (!file.ok) return file;
  if (validate(file.value)) return parsed(file.value);
  return unparsed(
    describeMisfit(path, 'loadtest.json', file.value, LOADTEST_SCHEMA_VERSION, validate.errors),
  );
}
