// A conformance.json from disk, checked against its schema before anything is made of it.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describeMisfit, readJsonFile } from '../units/json-file.ts';
import { type Parsed, parsed, unparsed } from '../units/parsed.ts';
import { CONFORMANCE_SCHEMA_VERSION, type ConformanceResult } from './result.ts';

const validate = new Ajv2020({
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
}).compile<ConformanceResult>(
  JSON.parse(readFileSync(new URL('./schemas/conformance.schema.json', import.meta.url), 'utf8')) as object,
);

/** The error names the file, the place in it and the rule. */
export function readConformance(path: string): Parsed<ConformanceResult> {
  const file = readJsonFile(path);
  if (!file.ok) return file;
  if (validate(file.value)) return parsed(file.value);
  return unparsed(
    describeMisfit(path, 'conformance.json', file.value, CONFORMANCE_SCHEMA_VERSION, validate.errors),
  );
}
