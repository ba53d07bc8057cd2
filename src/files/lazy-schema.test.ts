// The kit's own schemas are compiled without comparing them with the meta-schema of JSON Schema; this test compares them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { compileLazily } from './lazy-schema.ts';

const SRC = fileURLToPath(new URL('..', import.meta.url));
const schemas = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.schema.json'),
);

it.each(schemas)('%s is a JSON Schema', (name) => {
  const ajv = new Ajv2020();
  expect(ajv.validateSchema(JSON.parse(readFileSync(join(SRC, name), 'utf8'))), ajv.errorsText()).toBe(true);
});

it('compiles a schema once, when it is needed first', () => {
  let loads = 0;
  const schema = compileLazily<string>({}, () => {
    loads++;
    return { type: 'string' };
  });
  expect(loads).toBe(0);
  expect([schema()('text'), schema()(1)]).toEqual([true, false]);
  expect(loads).toBe(1);
});
