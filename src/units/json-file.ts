// JSON files that people name: what is wrong with one is a sentence that names the file.
import { readFileSync } from 'node:fs';
import { type Parsed, parsed, unparsed } from './parsed.ts';

export function readJsonFile(path: string): Parsed<unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return unparsed(code === 'ENOENT' ? `${path}: no such file` : `${path}: cannot be read (${code})`);
  }
  try {
    return parsed(JSON.parse(text));
  } catch (error) {
    return unparsed(`${path}: not JSON: ${(error as Error).message}`);
  }
}

/** What an ajv validator leaves behind, as far as it is told. */
interface SchemaError {
  readonly instancePath: string;
  readonly message?: string;
}

/** Why `value`, read from `path`, is not what `name` means; `version` is the one that this program reads. */
export function describeMisfit(
  path: string,
  name: string,
  value: unknown,
  version: number,
  errors: readonly SchemaError[] | null | undefined,
): string {
  const found = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (found === undefined) return `${path}: not a ${name}: it has no schemaVersion`;
  if (found !== version)
    return `${path}: a ${name} of schema version ${found}; this program reads version ${version}`;
  const [error] = errors ?? [];
  const where = error?.instancePath || 'the file';
  return `${path}: not a ${name} as this version of norn-loadtest writes it: ${where} ${error?.message ?? 'breaks the schema'}`;
}
