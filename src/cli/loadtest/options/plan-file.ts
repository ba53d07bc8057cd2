// A plan file: the flags of a run as YAML, by the same names, below those of the command line.
import { existsSync } from 'node:fs';
import { MAX_YAML_BYTES, readLimitedFile } from '../../../files/limited-file.ts';
import { parseYamlFile, yamlSchema } from '../../../files/yaml-file.ts';
import { SECRETS } from '../../../kit/secrets.ts';
import type { CohortIdentityFlags, IdentityFlags } from '../../../target/identity/identity-flags.ts';
import type { OptionTable } from '../../options/command-line.ts';
import { IDENTITY_OPTIONS } from '../../options/target-options.ts';
import { UsageError } from '../../options/usage-error.ts';
import { isSecretValue, registerPlanSecrets, SECRET_OPTIONS } from '../../secrets/given-secrets.ts';

export interface PlanFile<T extends OptionTable> {
  readonly values: Partial<Record<keyof T, unknown>>;
  /** The hubs under test; none where the file names none. */
  readonly urls: readonly string[];
  /** What a cohort alone says of its clients. */
  readonly cohortClient: IdentityFlags['cohortClient'];
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
    registerSecrets(name, data[name]);
    const value = option.parse([data[name]].flat().map(String));
    if (!value.ok) throw new UsageError(blame([name], value.problem));
    values[name] = value.value;
  }
  return {
    values: values as PlanFile<T>['values'],
    urls: [data.url ?? []].flat() as string[],
    cohortClient: readCohortClients(data[COHORT_CLIENT]),
  };
}

function registerSecrets(name: string, value: unknown): void {
  if (!SECRET_OPTIONS.includes(name)) return;
  for (const one of [value].flat().map(String)) if (isSecretValue(name, one)) SECRETS.addHeader(one);
}

const COHORT_CLIENT = 'cohort-client';
type Fields = Readonly<Record<string, unknown>>;

function readCohortClients(byCohort: unknown): IdentityFlags['cohortClient'] {
  if (byCohort === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(byCohort as Readonly<Record<string, Fields>>).map(([cohort, fields]) => {
      for (const [name, value] of Object.entries(fields)) registerSecrets(name, value);
      const list = (value: unknown) => (value === undefined ? undefined : [value].flat().map(String));
      const flags: CohortIdentityFlags = {
        clientHeader: list(fields['client-header']),
        origin: fields.origin as string | undefined,
        subprotocol: list(fields.subprotocol),
        clientData: fields['client-data'] as string | undefined,
        clientDataReuse: fields['client-data-reuse'] as boolean | undefined,
      };
      const given = Object.entries(flags).filter(([, value]) => value !== undefined);
      return [cohort, Object.fromEntries(given)];
    }),
  );
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
  // Nor is it the time of --abort-on-breach.
  if (/^\d+(\.\d+)?(ms|s|m|h)$/.test(path))
    return `${path}: neither a plan file nor a URL; did you mean --abort-on-breach=${path}?`;
  const isAddress = /^[\w.[\]:-]+:\d+(\/|$)/.test(path);
  const hint = isAddress ? `; did you mean ws://${path}?` : '';
  return `${path}: no such file (a plan), and not a ws:// URL${hint}`;
}

const TEXTS = { type: ['string', 'array'], items: { type: 'string' } };

function planSchema(options: OptionTable) {
  const cohort = { type: 'object', additionalProperties: false, properties: schemaOf(IDENTITY_OPTIONS) };
  return yamlSchema<Record<string, unknown>>(() => ({
    type: 'object',
    additionalProperties: false,
    properties: {
      url: TEXTS,
      [COHORT_CLIENT]: { type: 'object', additionalProperties: cohort },
      ...schemaOf(options),
    },
  }));
}

function schemaOf(options: OptionTable): Readonly<Record<string, unknown>> {
  const properties = Object.entries(options).map(([name, { isRepeatable, placeholder }]) => [
    name,
    isRepeatable ? TEXTS : { type: placeholder === '' ? 'boolean' : ['string', 'number'] },
  ]);
  return Object.fromEntries(properties);
}
