// JSON Schemas compiled on first use, and the compiler loaded then: both take tens of milliseconds, and most commands
// read no file of most kinds.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Ajv2020, AnySchema, Options, ValidateFunction } from 'ajv/dist/2020.js';

/** A check against one schema; compiled by the first call, then kept. */
export type LazySchema<T> = () => ValidateFunction<T>;

// The schemas are the kit's own: a test compares them with the meta-schema, which costs more to compile than they do.
const OWN_SCHEMAS: Options = {
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  meta: false,
  validateSchema: false,
};

export function compileLazily<T>(options: Options, loadSchema: () => AnySchema): LazySchema<T> {
  let validate: ValidateFunction<T> | undefined;
  return () => {
    validate ??= createAjv(options).compile<T>(loadSchema());
    return validate;
  };
}

/** The schema in a file of the kit, read when it is compiled. */
export function schemaIn(file: URL): () => AnySchema {
  return () => JSON.parse(readFileSync(file, 'utf8')) as AnySchema;
}

function createAjv(options: Options): Ajv2020 {
  const { Ajv2020 } = createRequire(import.meta.url)('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  return new Ajv2020({ ...OWN_SCHEMAS, ...options });
}
