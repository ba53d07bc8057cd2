// From the options that say who the clients are to what is filled in for each: the file, the environment and every
// placeholder are checked here, before anything starts. A message names rows and columns, never a value.
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { type ClientData, readClientData } from './client-data.ts';
import { type ClientIdentity, type ClientRows, type CohortIdentity, placeOf } from './client-identity.ts';
import type { CohortIdentityFlags, IdentityFlagNames, IdentityFlags } from './identity-flags.ts';
import { hasKeyPlaceholders, type KeyFlagNames, type KeyFlags, readKeyPairs } from './key-pairs.ts';
import {
  findEmptyColumn,
  hasPlaceholders,
  mentionsPlaceholders,
  parseTemplate,
  showTemplate,
  type Template,
  type TemplateSource,
  valuesOf,
} from './template.ts';

export interface ParsedIdentity {
  /** Undefined where no option asks for anything. */
  readonly identity: ClientIdentity | undefined;
  /** As people may see it: with stars for what must not be written. */
  readonly url: string | undefined;
}

type Environment = TemplateSource['environment'];

type Written = IdentityFlagNames & KeyFlagNames;

export function parseIdentity(
  flags: IdentityFlags & KeyFlags & { readonly url?: string | undefined },
  written: Written,
  environment: Environment,
): Parsed<ParsedIdentity> {
  const { url, cohortClient = {}, seed = 1 } = flags;
  const isAsked =
    isGiven(flags) ||
    hasKeyPlaceholders(flags) ||
    Object.keys(cohortClient).length > 0 ||
    (url !== undefined && mentionsPlaceholders(url));
  if (!isAsked) return parsed({ identity: undefined, url });
  const all = parseCohort(flags, { url, written, environment });
  if (!all.ok) return all;
  const ofCohorts = new Map<string, CohortIdentity>();
  for (const [cohort, own] of Object.entries(cohortClient)) {
    const merged = { ...flags, ...own, ...(own.clientData === undefined ? {} : { isOfCohort: true }) };
    const read = parseCohort(merged, { url, written, environment });
    if (!read.ok) return unparsed(`${written.cohortClient} ${cohort}: ${read.problem}`);
    ofCohorts.set(cohort, read.value);
  }
  const { path } = all.value;
  return parsed({
    identity: { ...all.value, seed, cohortOption: written.cohortClient, ofCohorts },
    url: url === undefined || path === undefined ? url : `${placeOf(url)}${showTemplate(path)}`,
  });
}

function isGiven({
  clientHeader,
  origin,
  subprotocol,
  clientData,
  clientDataReuse,
}: CohortIdentityFlags): boolean {
  return [clientHeader, origin, subprotocol, clientData, clientDataReuse].some(
    (value) => value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0),
  );
}

interface Reading {
  readonly url: string | undefined;
  readonly written: Written;
  readonly environment: Environment;
}

function parseCohort(
  flags: CohortIdentityFlags & KeyFlags & { readonly isOfCohort?: boolean },
  { url, written, environment }: Reading,
): Parsed<CohortIdentity> {
  const { clientData: file, clientDataReuse: isReused = false } = flags;
  if (isReused && file === undefined)
    return unparsed(
      `${written.clientDataReuse} needs ${written.clientData}: the file whose rows are repeated`,
    );
  const data: Parsed<ClientData | undefined> = file === undefined ? parsed(undefined) : readClientData(file);
  const option = `${written.clientData} ${file}`;
  if (!data.ok) return unparsed(`${option}: ${data.problem}`);
  const { columns, rows = [] } = data.value ?? {};
  const source = { columns, environment, dataOption: written.clientData };
  const read = parseTemplates(flags, url, written, source, rows);
  if (!read.ok) return read;
  const keyPairs = readKeyPairs(flags, written, source, rows);
  if (!keyPairs.ok) return keyPairs;
  if (file === undefined) return read;
  const { isOfCohort = false } = flags;
  const clientRows: ClientRows = {
    ...{ source: option, rows, isReused, isOfCohort },
    reuseOption: written.clientDataReuse,
  };
  return parsed({ ...read.value, data: clientRows, keyPairs: keyPairs.value });
}

function parseTemplates(
  { clientHeader = [], origin, subprotocol = [] }: CohortIdentityFlags,
  url: string | undefined,
  written: IdentityFlagNames,
  source: TemplateSource,
  rows: ClientData['rows'],
): Parsed<Omit<CohortIdentity, 'data'>> {
  const check = (option: string, text: string, findProblem: (value: string) => string | undefined) => {
    const template = parseTemplate(text, source);
    if (!template.ok) return unparsed<Template>(`${option}: ${template.problem}`);
    const problem = findBadValue(template.value, rows, findProblem);
    return problem === undefined ? template : unparsed<Template>(`${option}: ${problem}`);
  };
  const headers: (readonly [string, Template])[] = [];
  for (const text of clientHeader) {
    const header = splitHeader(text, written);
    if (!header.ok) return unparsed(`${written.clientHeader}: ${header.problem}`);
    const value = check(`${written.clientHeader} ${header.value.name}`, header.value.text, findBadHeader);
    if (!value.ok) return value;
    headers.push([header.value.name, value.value]);
  }
  if (origin !== undefined) {
    const value = check(written.origin, origin, findBadHeader);
    if (!value.ok) return value;
    headers.push(['Origin', value.value]);
  }
  const subprotocols: Template[] = [];
  for (const text of subprotocol) {
    const value = check(written.subprotocol, text, findBadToken);
    if (!value.ok) return value;
    subprotocols.push(value.value);
  }
  const path =
    url === undefined ? parsed(undefined) : parsePath(url, (text) => check('the URL', text, () => undefined));
  return path.ok ? parsed({ headers, subprotocols, path: path.value }) : path;
}

/** Path and query; undefined where they have no placeholder. */
function parsePath(url: string, parse: (text: string) => Parsed<Template>): Parsed<Template | undefined> {
  const place = placeOf(url);
  if (mentionsPlaceholders(place))
    return unparsed(`the URL '${place}': placeholders go into its path and query, not into its host`);
  const path = parse(url.slice(place.length));
  return path.ok && !hasPlaceholders(path.value) ? parsed(undefined) : path;
}

// What opens the connection itself.
const RESERVED = ['connection', 'upgrade', 'content-length', 'transfer-encoding', 'sec-websocket-accept'];
const OF_THE_KIT = ['sec-websocket-key', 'sec-websocket-version', 'sec-websocket-extensions'];

function splitHeader(
  text: string,
  written: IdentityFlagNames,
): Parsed<{ readonly name: string; readonly text: string }> {
  const colon = text.indexOf(':');
  const name = text.slice(0, Math.max(0, colon)).trim();
  try {
    validateHeaderName(name);
  } catch {
    // Without a colon it may be the value alone.
    return unparsed("expected the form 'Name: value'");
  }
  const lower = name.toLowerCase();
  if ([...RESERVED, ...OF_THE_KIT].includes(lower))
    return unparsed(`the header ${name} is set by the kit itself`);
  if (lower === 'origin') return unparsed(`use ${written.origin} for the header ${name}`);
  if (lower === 'sec-websocket-protocol')
    return unparsed(`use ${written.subprotocol} for the header ${name}`);
  return parsed({ name, text: text.slice(colon + 1).trim() });
}

function findBadHeader(value: string): string | undefined {
  try {
    validateHeaderValue('name', value);
    return undefined;
  } catch {
    return 'a character that a header cannot hold, such as a line break';
  }
}

function findBadToken(value: string): string | undefined {
  if (/^[!#$%&'*+.^_`|~\w-]+$/.test(value)) return undefined;
  return 'a character that a subprotocol cannot hold: no space, comma, slash or colon (RFC 6455 section 4.1)';
}

/** Of the text around placeholders, and of every row; never the value itself. */
function findBadValue(
  template: Template,
  rows: ClientData['rows'],
  findProblem: (value: string) => string | undefined,
): string | undefined {
  const empty = findEmptyColumn(template, rows);
  if (empty !== undefined) return `row ${empty.row} has no ${empty.column}`;
  for (const [at, row] of (rows.length === 0 ? [[]] : rows).entries())
    for (const { text, place } of valuesOf(template, row)) {
      const problem = text === '' ? undefined : findProblem(text);
      if (problem !== undefined)
        return `${place === 'column' ? `row ${at + 1}: ` : ''}its value has ${problem}`;
    }
  return undefined;
}
