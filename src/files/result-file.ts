// Result files that the kit wrote: read and checked against their schema.
import { type Parsed, parsed, unparsed } from '../units/parsed.ts';
import { readJsonFile } from './json-file.ts';
import { compileLazily, schemaIn } from './lazy-schema.ts';
import { isRecord } from './rename-fields.ts';

export interface ResultFileKind {
  /** As people know it, such as `loadtest.json`. */
  readonly name: string;
  /** The `schemaVersion` that this program reads. */
  readonly version: number;
  readonly schema: URL;
  /** By an older `schemaVersion`: from its fields to those of `version`. */
  readonly upgrades?: Readonly<Record<number, Upgrade>>;
}

type Upgrade = (old: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** A reader of such files; its error names the file, the place in it and the rule. */
export function createResultFileReader<T>({
  name,
  version,
  schema,
  upgrades = {},
}: ResultFileKind): (path: string) => Parsed<T> {
  const schemaOf = compileLazily<T>({}, schemaIn(schema));
  return (path) => {
    const file = readJsonFile(path);
    if (!file.ok) return file;
    const validate = schemaOf();
    const found = isRecord(file.value) ? file.value.schemaVersion : undefined;
    const upgrade = typeof found === 'number' ? upgrades[found] : undefined;
    const value = upgrade && isRecord(file.value) ? upgrade(file.value) : file.value;
    if (validate(value)) return parsed(value);
    if (found === undefined) return unparsed(`${path}: not a ${name}: it has no schemaVersion`);
    if (found !== version && upgrade === undefined)
      return unparsed(`${path}: a ${name} of schema version ${found}; this program reads version ${version}`);
    const [error] = validate.errors ?? [];
    const where = error?.instancePath || 'the file';
    return unparsed(
      `${path}: not a ${name} as this version of norn-loadtest writes it: ${where} ${error?.message ?? 'breaks the schema'}`,
    );
  };
}
