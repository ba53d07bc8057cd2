// The opening handshake of a client of some kind: its bytes, whether the protocol wants it accepted, and what is wrong
// with the answer.

import { randomBytes } from 'node:crypto';
import { judgeOrigin } from '../../../protocol/origin-rule.ts';
import type { ConnectAs, HandshakeResponse, HeaderLine, OwnRequest } from '../../../wire/connection.ts';
import { requestUrlOf } from '../../../wire/hub-address.ts';
import { acceptFor, findHandshakeFault } from '../../../wire/opening-handshake.ts';
import { identifyRequest } from '../../lab/identified-request.ts';
import { CLIENT_HEADERS, EVERY_KIND, PLACE } from './client-headers.ts';
import { originFor } from './origins.ts';
import { cutsFor, isHardToRead, type RequestForm, TRAILING_TAB, writeHeaderLines } from './request-form.ts';
import {
  AUTHORIZATIONS,
  COOKIES,
  LEGACY_EXTENSION,
  MORE_HEADERS,
  OFFERS,
  PROXY_HEADERS,
  QUERIES,
  SUBPROTOCOLS,
} from './request-headers.ts';

export interface HandshakeChoice extends RequestForm {
  readonly client: string;
  readonly proxy: string;
  readonly cookies: string;
  readonly authorization: string;
  readonly more: string;
  readonly origin: string;
  readonly offer: string;
  readonly subprotocol: string;
  readonly query: string;
  readonly address: string;
  readonly arrival: string;
  /** What the connection was used for before. */
  readonly used: string;
}

export const PLAIN_HANDSHAKE: HandshakeChoice = {
  client: 'minimal',
  proxy: 'none',
  cookies: 'none',
  authorization: 'none',
  more: 'none',
  origin: 'none',
  offer: 'none',
  subprotocol: 'none',
  query: 'none',
  address: 'as given',
  names: 'as is',
  spaces: 'one',
  order: 'usual',
  lists: 'as usual',
  arrival: 'whole',
  used: 'for nothing',
  seed: 1,
};

/** Of a whole head: some servers refuse longer ones. */
const LONGEST_HEAD_BYTES = 4_096;

export interface ClientHandshake extends OwnRequest {
  /** Where to connect. */
  readonly url: string;
  /** accept: the hub must; refuse: it must not; either: correct hubs differ. */
  readonly wanted: 'accept' | 'refuse' | 'either';
  /** Of `either`: HTTP demands that the hub accepts it, but servers in daily use do not. */
  readonly isRefusalWarned: boolean;
  /** In words, for findings. */
  readonly about: string;
}

/** `at` is the place among the clients of the program: every kind has its turn. */
export function createClientHandshake(
  hub: ConnectAs,
  choice: HandshakeChoice,
  allowedOrigins: readonly string[],
  at = 0,
): ClientHandshake {
  const url = new URL(hub.url);
  // A certificate need not be for the other address.
  if (choice.address === 'ipv6' && url.protocol === 'ws:') url.hostname = '[::1]';
  const { host: ownHost, pathname, search } = requestUrlOf(url);
  const identity = new Map((hub.headers ?? []).map(([name, value]) => [name.toLowerCase(), value]));
  const host = identity.get('host') ?? ownHost;
  const kinds = Object.keys(CLIENT_HEADERS);
  const kind = choice.client === EVERY_KIND ? (kinds[at % kinds.length] as string) : choice.client;
  const key = randomBytes(16).toString('base64');
  const origin = identity.get('origin') ?? originFor(choice.origin, allowedOrigins);
  const offer = OFFERS[choice.offer] ?? '';
  const protocols = SUBPROTOCOLS[choice.subprotocol] ?? [];
  const values: Readonly<Record<string, string | undefined>> = {
    [PLACE.host]: host,
    [PLACE.key]: key,
    [PLACE.origin]: origin,
    [PLACE.offer]: offer === '' ? undefined : offer,
  };
  const headers = (CLIENT_HEADERS[kind] ?? []).flatMap(([name, value]): HeaderLine[] => {
    const text = value in values ? values[value] : value;
    return text === undefined ? [] : [[name, text]];
  });
  if (protocols.length > 0) headers.push(['Sec-WebSocket-Protocol', protocols.join(', ')]);
  const { cookies, proxy, more } = choice;
  // Clients with credentials of their own send no others: something before the hub wants theirs.
  const authorization = (hub.secrets ?? []).length > 0 ? 'none' : choice.authorization;
  for (const lines of [
    COOKIES[cookies],
    AUTHORIZATIONS[authorization],
    PROXY_HEADERS[proxy],
    MORE_HEADERS[more],
  ])
    headers.push(...(lines ?? []));
  const query = QUERIES[choice.query] ?? '';
  const asked = search === '' ? query : search + query.replace('?', '&');
  const form = { ...choice, seed: choice.seed + at };
  // What the clients of this run say of themselves is added below.
  const own = headers.filter(([name]) => /^host$/i.test(name) || !identity.has(name.toLowerCase()));
  const request = [`GET ${pathname}${asked} HTTP/1.1`, ...writeHeaderLines(own, form)].join('\r\n');
  const offered = protocols.length > 0 ? protocols : (hub.subprotocols ?? []);
  const bytes = identifyRequest(Buffer.from(`${request}\r\n\r\n`, 'utf8'), hub);
  const wanted = wantedFor(choice, origin, allowedOrigins, bytes.length);
  const earlier = earlierRequest(choice.used, { host, pathname });
  return {
    url: url.href,
    bytes,
    cuts: cutsFor(choice.arrival, bytes, form.seed),
    before: earlier === undefined ? undefined : identifyRequest(Buffer.from(`${earlier}\r\n\r\n`), hub),
    wanted: wanted === 'should accept' ? 'either' : wanted,
    isRefusalWarned: wanted === 'should accept',
    findFault: (response) => findAnswerFault(response, acceptFor(key), offer, offered),
    about: kind === 'minimal' ? 'a plain client' : `a client with the headers of ${kind}`,
  };
}

/** What the hub has answered on the connection before the handshake; it may end the connection then. */
function earlierRequest(
  used: string,
  { host, pathname }: { readonly host: string; readonly pathname: string },
): string | undefined {
  switch (used) {
    case 'for a page':
      return `GET / HTTP/1.1\r\nHost: ${host}`;
    case 'for a plain request':
      return `GET ${pathname} HTTP/1.1\r\nHost: ${host}`;
    case 'for a refused handshake':
      return [
        `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade`,
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        'Origin: http://evil.example',
      ].join('\r\n');
    default:
      return undefined;
  }
}

function wantedFor(
  choice: HandshakeChoice,
  origin: string | undefined,
  allowedOrigins: readonly string[],
  headBytes: number,
): ClientHandshake['wanted'] | 'should accept' {
  if (!judgeOrigin(origin, allowedOrigins).isAllowed) return 'refuse';
  const offer = OFFERS[choice.offer] ?? '';
  const isFree =
    // RFC 6455 lets a server refuse for what it was offered, and libraries differ in a query and in the longest head.
    choice.query !== 'none' ||
    choice.subprotocol !== 'none' ||
    choice.spaces === TRAILING_TAB ||
    (offer !== '' && !offer.includes('permessage-deflate')) ||
    headBytes > LONGEST_HEAD_BYTES;
  if (isFree) return 'either';
  // A server that cannot do what an offer demands declines the offer (RFC 7692 7.1.1.1); ws and nchan answer 400.
  const isDemanding = /server_(?:no_context|max_window)/.test(offer);
  return isDemanding || isHardToRead(choice) ? 'should accept' : 'accept';
}

function findAnswerFault(
  response: HandshakeResponse,
  expectedAccept: string,
  offer: string,
  protocols: readonly string[],
): string | undefined {
  const isDeflateOffered = offer.includes('permessage-deflate');
  const { 'sec-websocket-extensions': agreed = '', ...others } = response.headers;
  const isLegacy = offer === LEGACY_EXTENSION && agreed.trim() === offer;
  const judged = isLegacy ? { ...response, headers: others } : response;
  return (
    findHandshakeFault(judged, expectedAccept, isDeflateOffered, protocols) ??
    findParameterFault(agreed, offer)
  );
}

/** RFC 7692 7.1: what the answer to an offer must and may say. Judged where there is only one offer. */
export function findParameterFault(answer: string, offer: string): string | undefined {
  if (answer === '' || offer.includes(',')) return undefined;
  if (/client_max_window_bits/i.test(answer) && !offer.includes('client_max_window_bits'))
    return `client_max_window_bits, which was not offered (RFC 7692 7.1.2.2): ${answer}`;
  if (offer.includes('server_no_context_takeover') && !/server_no_context_takeover/i.test(answer))
    return `no server_no_context_takeover, which was demanded (RFC 7692 7.1.1.1): ${answer}`;
  const demanded = /server_max_window_bits=(\d+)/.exec(offer)?.[1];
  const given = /server_max_window_bits="?(\d+)/i.exec(answer)?.[1];
  if (demanded !== undefined && !(Number(given) <= Number(demanded)))
    return `server_max_window_bits ${given ?? 'absent'} after a demand of ${demanded} (RFC 7692 7.1.2.1): ${answer}`;
  return undefined;
}
