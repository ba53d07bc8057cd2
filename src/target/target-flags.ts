// The flags that say which hub is meant and how it is driven, read once at the edge: contradictions and
// invalid values are reported before anything starts.
import { existsSync } from 'node:fs';
import { MAX_TEMPLATE_BYTES, readLimitedFile } from '../files/limited-file.ts';
import { NON_EMPTY_TEXT, type OptionRules, TEXTS, TRUE_OR_FALSE, wholeNumber } from '../kit/option-rules.ts';
import { type Parsed, parsed, unparsed } from '../units/parsed.ts';
import { isBroadcastUrl, isHubUrl } from '../wire/address/hub-urls.ts';
import { isUnixUrl } from '../wire/address/unix-url.ts';
import { isTlsUrl, type TlsSettings } from '../wire/tls/tls-settings.ts';
import { type Header, parseBroadcastHeader } from './http/broadcast-header.ts';
import { type BodyTemplate, parseBodyTemplate } from './http/http-body.ts';
import type { ClientIdentity } from './identity/client-identity.ts';
import { IDENTITY_RULES, type IdentityFlags } from './identity/identity-flags.ts';
import { parseIdentity } from './identity/parse-identity.ts';
import { FLAG_NAMES, type OptionNames } from './option-names.ts';
import type { RemoteRule } from './refuse-non-loopback.ts';
import { parseCommand } from './spawn/command-words.ts';
import { firstGiven, parseTlsFlags, TLS_RULES, type TlsFlags } from './tls/tls-flags.ts';

/** As they come from the command line, the environment, a plan file or a program. */
export interface TargetFlags extends TlsFlags, IdentityFlags {
  /**
   * Where clients connect, such as `ws://127.0.0.1:8800/ws`, `wss:` for TLS, or `ws+unix:/run/hub.sock:/ws`; path and query
   * may have placeholders.
   */
  readonly url?: string | undefined;
  /** A command that starts the hub and prints a ready line; the kit ends what it starts. */
  readonly spawn?: string | undefined;
  /** A module that default-exports `createTarget`. */
  readonly adapter?: string | undefined;
  /** Where events are POSTed; default: `/broadcast` on the host of `url`. */
  readonly broadcastUrl?: string | undefined;
  /** Headers of those requests, each `Name: value`. */
  readonly broadcastHeader?: readonly string[] | undefined;
  /** A file: the body of those requests, with a place for the envelope. */
  readonly broadcastTemplate?: string | undefined;
  /** Only watch: nothing is broadcast. */
  readonly observe?: boolean | undefined;
  /** Process of a hub that the kit did not start, so that its memory and descriptors can be read. */
  readonly pid?: number | undefined;
  /** Whether a proxy stands before the hub. Default: found out for a hub that the kit did not start. */
  readonly behindProxy?: boolean | undefined;
}

/** `isListenedTo`: of several hubs one at which nothing is published. */
export type TargetChoice = { readonly isListenedTo?: boolean } & HubChoice & RemoteRule & ClientChoice;

/** How clients connect, besides the URL. */
interface ClientChoice {
  readonly tls?: TlsSettings | undefined;
  readonly identity?: ClientIdentity | undefined;
  /** Undefined: to be found out. */
  readonly isBehindProxy?: boolean | undefined;
}

type HubChoice =
  | { readonly kind: 'reference' }
  | { readonly kind: 'module'; readonly file: string; readonly url?: string | undefined }
  | { readonly kind: 'observe'; readonly url: string; readonly hubPid?: number | undefined }
  | ({ readonly kind: 'spawn'; readonly command: string; readonly url?: string | undefined } & HttpFlags)
  /** Without a `broadcastUrl` the usual place is tried, and else the hub is observed. */
  | ({ readonly kind: 'running'; readonly url: string; readonly hubPid?: number | undefined } & HttpFlags);

interface HttpFlags {
  readonly broadcastUrl?: string | undefined;
  readonly headers: readonly Header[];
  readonly template?: BodyTemplate | undefined;
}

/** `written` is how the caller writes the names. */
export function parseTargetFlags(
  flags: TargetFlags,
  written: OptionNames = FLAG_NAMES,
): Parsed<TargetChoice> {
  const clients = parseIdentity(flags, written, process.env);
  if (!clients.ok) return clients;
  const { identity, url } = clients.value;
  const hub = parseChoice({ ...flags, url }, written);
  if (!hub.ok) return hub;
  const problem = findUnusedTls(flags, written);
  if (problem !== undefined) return unparsed(problem);
  const tls = parseTls(flags, written, identity);
  if (!tls.ok) return tls;
  return parsed({
    ...hub.value,
    ...(written !== FLAG_NAMES && { names: written }),
    ...(tls.value !== undefined && { tls: tls.value }),
    ...(identity !== undefined && { identity }),
    ...(flags.behindProxy !== undefined && { isBehindProxy: flags.behindProxy }),
  });
}

/** Where each client has its own certificate, everything else has that of the first. */
function parseTls(
  flags: TargetFlags,
  written: OptionNames,
  identity: ClientIdentity | undefined,
): Parsed<TlsSettings | undefined> {
  const [pair] = identity?.keyPairs ?? [];
  if (pair === undefined) return parseTlsFlags(flags, written);
  const others = parseTlsFlags({ ...flags, cert: undefined, key: undefined }, written);
  return others.ok ? parsed({ ...others.value, ...pair }) : others;
}

function parseChoice(flags: TargetFlags, written: OptionNames): Parsed<TargetChoice> {
  const problem =
    findContradiction(flags, written) ?? findBadUrl(flags, written) ?? findBadPid(flags.pid, written);
  if (problem !== undefined) return unparsed(problem);
  const { pid: hubPid } = flags;
  const url = flags.url === undefined ? undefined : lowerCaseHost(flags.url);
  if (flags.adapter !== undefined && !existsSync(flags.adapter))
    return unparsed(`${written.adapter}: ${flags.adapter}: no such file`);
  if (flags.adapter !== undefined) return parsed({ kind: 'module', file: flags.adapter, url });
  if (flags.observe && url !== undefined) return parsed({ kind: 'observe', url, hubPid });

  const http = parseHttpFlags(flags, written);
  if (!http.ok) return http;
  if (flags.spawn !== undefined) {
    const command = parseCommand(flags.spawn);
    if (!command.ok) return unparsed(`${written.spawn}: ${command.problem}`);
    return parsed({ kind: 'spawn', command: flags.spawn, url, ...http.value });
  }
  return parsed(url === undefined ? { kind: 'reference' } : { kind: 'running', url, hubPid, ...http.value });
}

type FlagName = keyof TargetFlags;

export const TARGET_RULES: OptionRules<TargetFlags> = {
  ...TLS_RULES,
  ...IDENTITY_RULES,
  url: NON_EMPTY_TEXT,
  spawn: NON_EMPTY_TEXT,
  adapter: NON_EMPTY_TEXT,
  broadcastUrl: NON_EMPTY_TEXT,
  broadcastHeader: TEXTS,
  broadcastTemplate: NON_EMPTY_TEXT,
  observe: TRUE_OR_FALSE,
  pid: wholeNumber(1, 2 ** 31),
  behindProxy: TRUE_OR_FALSE,
};

// Each pair names two ways of driving the hub of which only one can be meant.
const EXCLUSIVE: readonly (readonly [FlagName, readonly FlagName[], string])[] = [
  [
    'adapter',
    ['spawn', 'broadcastUrl', 'broadcastHeader', 'broadcastTemplate', 'observe', 'pid'],
    'the adapter file drives the hub',
  ],
  [
    'observe',
    ['spawn', 'broadcastUrl', 'broadcastHeader', 'broadcastTemplate'],
    'an observed hub is not driven',
  ],
  ['spawn', ['pid'], 'the process is the one that is started'],
];

function findContradiction(flags: TargetFlags, written: OptionNames): string | undefined {
  for (const [flag, others, why] of EXCLUSIVE) {
    const other = isGiven(flags, flag) ? others.find((name) => isGiven(flags, name)) : undefined;
    if (other !== undefined) return `${written[flag]} and ${written[other]} exclude each other: ${why}`;
  }
  const needsHub = (['broadcastUrl', 'broadcastHeader', 'broadcastTemplate', 'observe', 'pid'] as const).find(
    (name) => isGiven(flags, name),
  );
  if (needsHub === undefined || flags.url !== undefined || flags.spawn !== undefined) return undefined;
  return `${written[needsHub]} needs the URL that clients connect to, such as ws://127.0.0.1:8800/ws`;
}

function isGiven(flags: TargetFlags, name: FlagName): boolean {
  const value = flags[name];
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}

function findBadUrl({ url, broadcastUrl }: TargetFlags, written: OptionNames): string | undefined {
  if (url !== undefined && !isHubUrl(url)) return `${written.url} '${url}' ${describeBadUrl(url)}`;
  if (url?.includes('#'))
    return `${written.url} '${url}' has a fragment (#), which is never sent to a server: leave it out, or write %23`;
  if (broadcastUrl !== undefined && !isBroadcastUrl(broadcastUrl)) {
    return `${written.broadcastUrl} '${broadcastUrl}' is not an http:// or https:// URL`;
  }
  return undefined;
}

function describeBadUrl(url: string): string {
  if (/^wss\+unix:/i.test(url)) return 'cannot be used: a Unix socket is reached without TLS; write ws+unix:';
  if (isUnixUrl(url))
    return 'cannot be read: write ws+unix:/run/hub.sock:/ws, the path of the socket and that of the hub';
  if (/^wss?:/i.test(url)) return 'cannot be read: is its host a host, and its port 0 to 65535?';
  return 'is not a ws:// or wss:// URL, such as ws://127.0.0.1:8800/ws';
}

/** A flag for TLS where nothing is reached over TLS; of a hub that is started only its ready line says. */
function findUnusedTls(flags: TargetFlags, written: OptionNames): string | undefined {
  const given = firstGiven(flags);
  const { url, broadcastUrl = '', spawn, adapter } = flags;
  if (given === undefined || isTlsUrl(broadcastUrl)) return undefined;
  if (url === undefined && (spawn !== undefined || adapter !== undefined)) return undefined;
  if (url !== undefined && isTlsUrl(url)) return undefined;
  const got = url === undefined ? 'no URL' : url;
  return `${written[given]} needs a hub that is reached over TLS: expected a wss:// URL, got ${got}`;
}

/** Protocol and host in lower case, as they compare. */
function lowerCaseHost(url: string): string {
  return url.replace(
    /^([^:]+:\/\/)([^/?#]*@)?([^/?#]*)/,
    (_, protocol: string, user = '', host = '') => `${protocol.toLowerCase()}${user}${host.toLowerCase()}`,
  );
}

function findBadPid(pid: number | undefined, written: OptionNames): string | undefined {
  if (pid === undefined || (Number.isSafeInteger(pid) && pid > 0)) return undefined;
  return `${written.pid} ${pid} is not a whole number above 0`;
}

function parseHttpFlags(flags: TargetFlags, written: OptionNames): Parsed<HttpFlags> {
  const headers: Header[] = [];
  for (const text of flags.broadcastHeader ?? []) {
    const header = parseBroadcastHeader(text);
    if (!header.ok) return unparsed(`${written.broadcastHeader}: ${header.problem}`);
    headers.push(header.value);
  }
  const file = flags.broadcastTemplate;
  if (file === undefined) return parsed({ broadcastUrl: flags.broadcastUrl, headers });
  const template = readTemplate(file);
  if (!template.ok) return unparsed(`${written.broadcastTemplate} ${file}: ${template.problem}`);
  return parsed({ broadcastUrl: flags.broadcastUrl, headers, template: template.value });
}

function readTemplate(file: string): Parsed<BodyTemplate> {
  const text = readLimitedFile(file, MAX_TEMPLATE_BYTES);
  return text.ok ? parseBodyTemplate(text.value) : text;
}
