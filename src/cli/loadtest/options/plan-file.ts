// A plan file: the flags of a run as YAML, by the same names, below those of the command line.
import { existsSync } from 'node:fs';
import { MAX_YAML_BYTES, readLimitedFile } from '../../../files/limited-file.ts';
import { parseYamlFile, yamlSchema } from '../../../files/yaml-file.ts';
import { SECRETS } from '../../../kit/secrets.ts';
import type { OptionTable } from '../../options/command-line.ts';
import { registerPlanSecrets, SECRET_OPTIONS } from '../../options/given-secrets.ts';
import { UsageError } from '../../options/usage-error.ts';

export interface PlanFile<T extends OptionTable> {
  readonly values: Partial<Record<keyof T, unknown>>;
  /** The hub under test. */
  readonly url: string | undefined;
}

/** Reads the options that `options` lists; throws UsageError for any other field. */
export function readPlanFile<T extends OptionTable>(path: string, options: T): PlanFile<T> {
  if (!existsSync(path)) throw new UsageError(describeMissing(path));
  const schema = planSchema(options);
  const text = readGivenFile(path);
  registerPlanSecrets(text);
  const file = parseYamlFile<Record<string, unknown>>(text, path, schema);
  if (!file.ok) throw new UsageError(file.problem);
  const { data, blame } = file.value;
  const values: Partial<Record<string, unknown>> = {};
  for (const [name, option] of Object.entries(options)) {
    if (data[name] === undefined) continue;
    if (SECRET_OPTIONS.includes(name)) for (const one of [data[name]].flat()) SECRETS.addHeader(String(one));
    const value = option.parse([data[name]].flat().map(String));
    if (!value.ok) throw new UsageError(blame([name], value.problem));
    values[name] = value.value;
  }
  return { values: values as PlanFile<T>['values'], url: data.url as string | undefined };
}

/** Throws UsageError: a folder, a file without permission or one that is too large is a mistake of the command line. */
function readGivenFile(path: string): string {
  const text = readLimitedFile(path, MAX_YAML_BYTES);
  if (!text.ok) throw new UsageError(`${path}: the plan file cannot be read: ${text.problem}`);
  return text.value;
}

function describeMissing(path: string): string {
  // --ui may stand alone, so the word after it is not its port.
  if (/^\d+$/.test(path)) return `${path}: neither a plan file nor a URL; did you mean --ui=${path}?`;
  const isAddress = /^[\w.[\]:-]+:\d+(\/|$)/.test(path);
  const hint = isAddress ? `; did you mean ws://${path}?` : '';
  return `${path}: no such file (a plan), and not a ws:// URL${hint}`;
}

function planSchema(options: OptionTable) {
  const properties = Object.entries(options).map(([name, { isRepeatable, placeholder }]) => [
    name,
    isRepeatable
      ? { type: ['string', 'array'], items: { type: 'string' } }
      : { type: placeholder === '' ? 'boolean' : ['string', 'number'] },
  ]);
  return yamlSchema<Record<string, unknown>>({
    type: 'object',
    additionalProperties: false,
    properties: { url: { type: 'string' }, ...Object.fromEntries(properties) },
  });
}
