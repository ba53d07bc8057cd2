// YAML files that people write, checked against a JSON Schema: a bad file gives exactly one error, with file, line,
// column and the rule. Serves scenarios and plans.
import type { AnySchema, ErrorObject } from 'ajv/dist/2020.js';
import type { Alias, Document, LineCounter } from 'yaml';
import { type Parsed, parsed, unparsed } from '../units/parsed.ts';
import { suggest } from '../units/suggest.ts';
import { compileLazily, type LazySchema } from './lazy-schema.ts';
import { loadYaml } from './load-yaml.ts';

/** The time to collect all errors grows with their square; in larger files the first one has to do. */
const MAX_CHARS_FOR_ALL_ERRORS = 64 * 1024;

/** A parsed file: its data, and a way to blame a place in it. */
export interface YamlFile<T> {
  readonly data: T;
  /** `file:line:column: problem` for the value at `path`. */
  readonly blame: (path: readonly (string | number)[], problem: string) => string;
}

/** The schema of one kind of YAML file, to find all errors or the first. */
export interface YamlSchema<T> {
  readonly all: LazySchema<T>;
  readonly first: LazySchema<T>;
}

export function yamlSchema<T>(loadSchema: () => AnySchema): YamlSchema<T> {
  return {
    all: compileLazily<T>({ verbose: true, allErrors: true }, loadSchema),
    first: compileLazily<T>({ verbose: true }, loadSchema),
  };
}

/** Parses `text` and checks it. `fileName` is only for the error. */
export function parseYamlFile<T>(text: string, fileName: string, schema: YamlSchema<T>): Parsed<YamlFile<T>> {
  const { LineCounter, parseDocument } = loadYaml();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true });
  const [syntax] = document.errors;
  if (syntax) {
    const { line, col } = lines.linePos(syntax.pos[0]);
    return unparsed(
      `${fileName}:${line}:${col}: ${syntax.message.split('\n')[0]?.replace(/ at line .*/, '')}`,
    );
  }
  const blame: YamlFile<T>['blame'] = (path, problem) =>
    `${fileName}:${locate(document, lines, path)}: ${problem}`;
  const plain = readPlain(document);
  if (!plain.ok) return unparsed(`${fileName}:${locateAlias(document, lines)}: ${plain.problem}`);
  const data = plain.value;
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return unparsed(blame([], 'the file must be fields, such as "name: my-file"'));
  const validate = text.length > MAX_CHARS_FOR_ALL_ERRORS ? schema.first() : schema.all();
  if (validate(data)) return parsed({ data, blame });
  const error = pickError(validate.errors ?? []);
  const path = pathOf(error);
  return unparsed(blame(path, describe(error, path, data)));
}

/** The document as plain data; anchors may be used, but not to multiply or to nest without end. */
function readPlain(document: Document): Parsed<unknown> {
  try {
    const data: unknown = document.toJS({ maxAliasCount: 100 });
    JSON.stringify(data); // throws for data that contains itself
    return parsed(data);
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof TypeError) return unparsed('the alias stands inside what it stands for');
    return unparsed(message.startsWith('Excessive') ? 'aliases multiply the file too often' : message);
  }
}

/** The alias without an anchor, or else the first one. */
function locateAlias(document: Document, lines: LineCounter): string {
  const aliases: Alias[] = [];
  loadYaml().visit(document, { Alias: (_, alias) => void aliases.push(alias) });
  const blamed = aliases.find((alias) => alias.resolve(document) === undefined) ?? aliases[0];
  const { line, col } = lines.linePos(blamed?.range?.[0] ?? 0);
  return `${line}:${col}`;
}

function locate(document: Document, lines: LineCounter, path: readonly (string | number)[]): string {
  const { isNode } = loadYaml();
  for (let depth = path.length; depth >= 0; depth--) {
    const node: unknown = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) {
      const { line, col } = lines.linePos(node.range[0]);
      return `${line}:${col}`;
    }
  }
  return '1:1';
}

/** Of many complaints the deepest is the one to mend; an unknown word beats a missing one. */
function pickError(errors: readonly ErrorObject[]): ErrorObject {
  const depth = (error: ErrorObject) => error.instancePath.split('/').length;
  const rank = (error: ErrorObject) =>
    error.keyword === 'additionalProperties' ? 0 : error.keyword === 'required' ? 1 : 2;
  const isChoice = ({ keyword, schemaPath }: ErrorObject) =>
    ['oneOf', 'anyOf', 'if', 'not'].includes(keyword) || /\/(oneOf|anyOf)\/\d/.test(schemaPath);
  const specific = errors.filter((error) => !isChoice(error));
  const choices = errors.filter(({ keyword }) => keyword === 'oneOf' || keyword === 'anyOf');
  const [first] = [...(specific.length > 0 ? specific : choices.length > 0 ? choices : errors)].sort(
    (a, b) => depth(b) - depth(a) || rank(a) - rank(b),
  );
  if (!first) throw new Error('a schema refused a file without saying why');
  return first;
}

function pathOf(error: ErrorObject): (string | number)[] {
  const parts = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const extra = error.params as { additionalProperty?: string };
  return extra.additionalProperty === undefined ? parts : [...parts, extra.additionalProperty];
}

function describe(error: ErrorObject, path: readonly (string | number)[], data: unknown): string {
  const params = error.params as Record<string, unknown>;
  const where = path.length === 0 ? 'the file' : String(path.at(-1));
  if (error.keyword === 'additionalProperties') {
    const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
    const meant = suggest(where, known);
    return `unknown field "${where}"${meant ? `; did you mean "${meant}"?` : ''}`;
  }
  if (error.keyword === 'required') return `"${String(params.missingProperty)}" is missing`;
  const value = path.reduce<unknown>(
    (inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key],
    data,
  );
  if (error.keyword === 'enum') {
    const known = (params.allowedValues as unknown[]).map(String);
    const meant = suggest(String(value), known);
    return `"${where}" must be one of ${known.join(', ')}${meant ? `; did you mean ${meant}?` : ''}`;
  }
  // The schemas say in words what a choice or a pattern asks for.
  const asked = (error.parentSchema as { $comment?: string } | undefined)?.$comment;
  if (error.keyword === 'oneOf' && asked) return asked;
  const rule = error.keyword === 'pattern' && asked ? `must be ${asked}` : error.message;
  return `"${where}" ${rule ?? 'breaks the schema'}, not ${JSON.stringify(value)?.slice(0, 60)}`;
}
