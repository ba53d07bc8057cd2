// JSON Schemas compiled on first use: compiling takes milliseconds, and most commands read no file of most kinds.
import type { Ajv2020, AnySchema, ValidateFunction } from 'ajv/dist/2020.js';

/** A check against one schema; compiled by the first call, then kept. */
export type LazySchema<T> = () => ValidateFunction<T>;

export function compileLazily<T>(ajv: Ajv2020, loadSchema: () => AnySchema): LazySchema<T> {
  let validate: ValidateFunction<T> | undefined;
  return () => {
    validate ??= ajv.compile<T>(loadSchema());
    return validate;
  };
}
