// Texts with placeholders, such as `Bearer {token}`: parsed once, filled in for each client, and shown with stars for
// what must not be written. Plain data, so that it can be sent to another process.
import { createHash } from 'node:crypto';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { suggest } from '../../units/suggest.ts';

export type Template = readonly TemplatePart[];

type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'client' | 'cohort' | 'uuid' }
  /** The value of an environment variable. */
  | { readonly kind: 'env'; readonly name: string; readonly text: string }
  /** Of the client's row, by its place there. */
  | { readonly kind: 'column'; readonly name: string; readonly at: number };

/** What placeholders stand for. */
export interface TemplateSource {
  /** Columns of the client data; undefined without any. */
  readonly columns: readonly string[] | undefined;
  /** How the caller writes the option that names the file. */
  readonly dataOption: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Which client it is. */
export interface ClientNumber {
  /** Over all cohorts, from 1. */
  readonly client: number;
  readonly cohort: string;
  /** In its cohort, from 0. */
  readonly inCohort: number;
}

export interface FilledFor extends ClientNumber {
  readonly seed: number;
  readonly row: readonly string[];
}

const STARS = '***';
/** A name in braces. Anything else in braces, such as JSON, is text; doubled braces around a name are single ones. */
const PLACEHOLDER = /\{\{([A-Za-z_][^{}"]*)\}\}|\{([A-Za-z_][^{}"]*)\}/g;

export function parseTemplate(text: string, source: TemplateSource): Parsed<Template> {
  const parts: TemplatePart[] = [];
  let at = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [whole, escaped, name = ''] = match;
    if (match.index > at) parts.push({ kind: 'text', text: text.slice(at, match.index) });
    at = match.index + whole.length;
    const part = escaped === undefined ? parsePlaceholder(name, source) : textOf(`{${escaped}}`);
    if (!part.ok) return part;
    parts.push(part.value);
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  return parsed(parts);
}

const textOf = (text: string): Parsed<TemplatePart> => parsed({ kind: 'text', text });

function parsePlaceholder(name: string, source: TemplateSource): Parsed<TemplatePart> {
  if (name === 'client' || name === 'cohort' || name === 'uuid') return parsed({ kind: name });
  if (name.startsWith('env:')) {
    const variable = name.slice('env:'.length);
    const text = source.environment[variable];
    if (text === undefined || text === '') return unparsed(`{${name}}: the environment has no ${variable}`);
    return parsed({ kind: 'env', name: variable, text });
  }
  const at = source.columns?.indexOf(name) ?? -1;
  if (at >= 0) return parsed({ kind: 'column', name, at });
  return unparsed(`{${name}}: ${describeUnknown(name, source)}`);
}

function describeUnknown(name: string, { columns, dataOption }: TemplateSource): string {
  if (columns === undefined)
    return `no such placeholder: there are {client}, {cohort}, {uuid} and {env:NAME}, and columns of ${dataOption}`;
  const meant = suggest(name, [...columns, 'client', 'cohort', 'uuid']);
  const hint = meant === undefined ? `it has ${columns.join(', ')}` : `did you mean {${meant}}?`;
  return `the file of ${dataOption} has no such column; ${hint}`;
}

export function hasPlaceholders(template: Template): boolean {
  return template.some(({ kind }) => kind !== 'text');
}

/** Whether a text has any, before it is known what they stand for. */
export function mentionsPlaceholders(text: string): boolean {
  return text.search(PLACEHOLDER) >= 0;
}

/** What must not be written, in no order: values of the row and of environment variables. */
export function secretsOf(template: Template, row: readonly string[]): string[] {
  return valuesOf(template, row).flatMap(({ text, place }) => (place === 'text' ? [] : [text]));
}

interface TemplateValue {
  readonly text: string;
  readonly place: 'text' | 'env' | 'column';
}

/** Every text in it, and where it comes from. */
export function valuesOf(template: Template, row: readonly string[]): TemplateValue[] {
  return template.flatMap((part): TemplateValue[] => {
    if (part.kind === 'text' || part.kind === 'env') return [{ text: part.text, place: part.kind }];
    return part.kind === 'column' ? [{ text: row[part.at] ?? '', place: part.kind }] : [];
  });
}

/** The first row, from 1, without a value that the template needs. */
export function findEmptyColumn(
  template: Template,
  rows: readonly (readonly string[])[],
): { readonly row: number; readonly column: string } | undefined {
  const columns = template.flatMap((part) => (part.kind === 'column' ? [part] : []));
  for (const [at, row] of rows.entries())
    for (const column of columns)
      if ((row[column.at] ?? '') === '') return { row: at + 1, column: column.name };
  return undefined;
}

/** `encode` is for the values, not for the text around them. */
export function fillTemplate(
  template: Template,
  client: FilledFor,
  encode: (value: string) => string = (value) => value,
): string {
  return template.map((part) => (part.kind === 'text' ? part.text : encode(fill(part, client)))).join('');
}

/** For people: with stars for what came from a file or the environment. */
export function showTemplate(template: Template): string {
  return template
    .map((part) => {
      if (part.kind === 'text') return part.text;
      return part.kind === 'env' || part.kind === 'column' ? STARS : `{${part.kind}}`;
    })
    .join('');
}

function fill(part: Exclude<TemplatePart, { kind: 'text' }>, client: FilledFor): string {
  switch (part.kind) {
    case 'client':
      return String(client.client);
    case 'cohort':
      return client.cohort;
    case 'uuid':
      return uuidOf(client);
    case 'env':
      return part.text;
    case 'column':
      return client.row[part.at] ?? '';
  }
}

/** The same client of the same seed always has the same one, also when it comes back. */
function uuidOf({ seed, client }: FilledFor): string {
  const digits = createHash('sha256').update(`${seed}:${client}`).digest('hex');
  const variant = ((Number.parseInt(digits[16] ?? '0', 16) & 3) | 8).toString(16);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-');
}
