// The validators of the protocol's JSON Schemas as source text, so that no program compiles them when it starts: compiling
// took each of them a seventh of a second.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { DOCUMENTED_EVENT_TYPES } from '../../protocol/envelope.ts';

const HEADER = `// Written by \`npm run docs\` from src/protocol/schemas: do not edit. Validators of the envelope and of each event type.
// @ts-nocheck
import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv';
import type { DocumentedEventType, Envelope } from '../envelope.ts';

const require = createRequire(import.meta.url);
`;

function readSchema(name: string): { readonly $id: string } {
  // From src/ too when this runs from dist/.
  const url = new URL(`../../../src/protocol/schemas/${name}.schema.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}

/** The text of src/protocol/generated/validators.ts. */
export function renderValidators(): string {
  const schemas = ['envelope', ...DOCUMENTED_EVENT_TYPES].map((name) => ({ name, schema: readSchema(name) }));
  const ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    inlineRefs: false,
    schemas: schemas.map(({ schema }) => schema),
    code: { source: true, esm: true },
  });
  const variables = schemas.map(({ name, schema }, index) => ({ name, variable: `schema_${index}`, schema }));
  const code = standalone.default(
    ajv,
    Object.fromEntries(variables.map(({ variable, schema }) => [variable, schema.$id])),
  );
  const entries = variables.map(({ name, variable }) => `  ${JSON.stringify(name)}: ${variable},\n`);
  return [
    HEADER,
    code.replace('"use strict";', '').replaceAll('export const ', 'const '),
    '\n\n/** By the name of the schema: `envelope`, or an event type. */\n',
    'export const VALIDATORS: Readonly<Record<DocumentedEventType, ValidateFunction>> & {\n',
    `  readonly envelope: ValidateFunction<Envelope>;\n} = {\n${entries.join('')}};\n`,
  ].join('');
}
