// Who the clients of a run say they are: headers, subprotocols and parts of the URL, filled in for each client. Plain
// data, parsed at the edge (identity-flags.ts), handed to whatever connects, and never part of a result.
import { isOrdinaryWord, isSecretHeader, proofsOf } from '../../kit/secrets.ts';
import type { ConnectAs, HeaderLine, HostAddresses } from '../../wire/connection.ts';
import type { Target } from '../target.ts';
import type { KeyPair } from '../tls/tls-flags.ts';
import {
  type ClientNumber,
  type FilledFor,
  fillTemplate,
  secretsOf,
  showTemplate,
  type Template,
} from './template.ts';

export interface ClientIdentity extends CohortIdentity {
  readonly seed: number;
  /** How the caller names the option for cohorts, for messages. */
  readonly cohortOption: string;
  /** Of cohorts that have their own. */
  readonly ofCohorts: ReadonlyMap<string, CohortIdentity>;
}

export interface CohortIdentity {
  /** Path and query of the URL, where it has placeholders. */
  readonly path?: Template | undefined;
  /** Origin among them. */
  readonly headers: readonly (readonly [name: string, value: Template])[];
  readonly subprotocols: readonly Template[];
  readonly data?: ClientRows | undefined;
  /** Certificates by row, where each client has its own. */
  readonly keyPairs?: readonly KeyPair[] | undefined;
}

export interface ClientRows {
  /** How the caller names option and file, for messages, and the option that repeats rows. */
  readonly source: string;
  readonly reuseOption: string;
  readonly rows: readonly (readonly string[])[];
  /** More clients than rows begin again with the first. */
  readonly isReused: boolean;
  /** The rows are of one cohort, so that its own clients count. */
  readonly isOfCohort: boolean;
}

/** What is needed to connect to a hub as one of its clients. */
export interface HubAccess extends Pick<Target, 'url' | 'tls' | 'identity'> {
  /** A port of 127.0.0.1 that leads to the hub. */
  readonly via?: number | undefined;
  /** Of the hub's host, looked up once; undefined: to be looked up. */
  readonly addresses?: HostAddresses | undefined;
  /** Addresses of this machine that clients connect from; undefined: the system chooses. */
  readonly sources?: readonly string[] | undefined;
}

/** The same hub elsewhere. What another name means is not known. */
export function movedTo(url: string, hub: HubAccess): HubAccess {
  const isSameHost = hostOf(url) === hostOf(hub.url);
  return { ...hub, url, ...(!isSameHost && { addresses: undefined }) };
}

const hostOf = (url: string): string => new URL(url).hostname;

/** For a program that has one client, and for the first of many. */
export const FIRST_CLIENT: ClientNumber = { client: 1, cohort: 'client', inCohort: 0 };

/** How this client connects; all that are nobody in particular share one answer. */
export function connectAs(hub: HubAccess, client: ClientNumber): ConnectAs {
  const { url, tls, identity, via, addresses, sources } = hub;
  if (identity === undefined) return hub;
  const own = identity.ofCohorts.get(client.cohort) ?? identity;
  const row = rowOf(own, client);
  const filled: FilledFor = { ...client, seed: identity.seed, row };
  const headers = own.headers.map(([name, value]): HeaderLine => [name, fillTemplate(value, filled)]);
  return {
    ...addressOf(url, own, filled),
    ...{ via, addresses, sources },
    tls: own.keyPairs === undefined ? tls : { ...tls, ...own.keyPairs[rowIndexOf(own, client)] },
    headers,
    subprotocols: own.subprotocols.map((name) => fillTemplate(name, filled)),
    secrets: [...new Set([...secretsFor(own, row), ...proofsIn(headers)])],
  };
}

function addressOf(
  url: string,
  { path }: CohortIdentity,
  client: FilledFor,
): Pick<ConnectAs, 'url' | 'shownUrl'> {
  if (path === undefined) return { url };
  const place = placeOf(url);
  return {
    url: `${place}${fillTemplate(path, client, encodeURIComponent)}`,
    shownUrl: `${place}${showTemplate(path)}`,
  };
}

/** Protocol, user part, host and port; or the path of a Unix socket. */
export function placeOf(url: string): string {
  return /^[^:]+:\/\/[^/?#]*|^[a-z]+\+unix:[^:]*:/i.exec(url)?.[0] ?? url;
}

function rowOf(own: CohortIdentity, client: ClientNumber): readonly string[] {
  return own.data?.rows[rowIndexOf(own, client)] ?? [];
}

function rowIndexOf({ data }: CohortIdentity, { client, inCohort }: ClientNumber): number {
  return data === undefined ? 0 : (data.isOfCohort ? inCohort : client - 1) % data.rows.length;
}

/** What must not be written of one client: what is from its row and from the environment. */
function secretsFor({ headers, subprotocols, path = [] }: CohortIdentity, row: readonly string[]): string[] {
  const templates = [path, ...headers.map(([, value]) => value), ...subprotocols];
  return templates.flatMap((template) => secretsOf(template, row));
}

/** Headers that prove who the client is. */
function proofsIn(headers: readonly HeaderLine[]): string[] {
  return headers.flatMap(([name, value]) => (isSecretHeader(name) ? proofsOf(value) : []));
}

/** Of all clients, without repetition, for a search in everything that is written; words that any report has are not among them. */
export function allSecrets(identity: ClientIdentity | undefined): Set<string> {
  const secrets = new Set<string>();
  if (identity === undefined) return secrets;
  for (const own of [identity, ...identity.ofCohorts.values()]) {
    for (const row of own.data?.rows ?? [[]])
      for (const one of secretsFor(own, row)) if (!isOrdinaryWord(one)) secrets.add(one);
    const filled = { ...FIRST_CLIENT, seed: identity.seed, row: rowOf(own, FIRST_CLIENT) };
    const literal = own.headers.map(([name, value]): HeaderLine => [name, fillTemplate(value, filled)]);
    for (const one of proofsIn(literal)) secrets.add(one);
  }
  return secrets;
}

export interface NumberOfClients {
  readonly name: string;
  readonly clients: number;
}

/** Why these cohorts cannot have these identities, as a sentence: too few rows for their clients, or a cohort of another name. */
export function findMisfit(
  identity: ClientIdentity | undefined,
  cohorts: readonly NumberOfClients[],
): string | undefined {
  if (identity === undefined) return undefined;
  const names = cohorts.map(({ name }) => name);
  const stranger = [...identity.ofCohorts.keys()].find((name) => !names.includes(name));
  if (stranger !== undefined)
    return `${identity.cohortOption} ${stranger}: no such cohort; there are ${names.join(', ')}`;
  let clients = 0;
  for (const cohort of cohorts) {
    clients += cohort.clients;
    const { data } = identity.ofCohorts.get(cohort.name) ?? identity;
    if (data === undefined || data.isReused) continue;
    const wanted = data.isOfCohort ? cohort.clients : clients;
    if (data.rows.length < wanted)
      return `${data.source}: ${data.rows.length} rows for ${wanted} clients${data.isOfCohort ? ` of ${cohort.name}` : ''}; add rows, or repeat them with ${data.reuseOption}`;
  }
  return undefined;
}
