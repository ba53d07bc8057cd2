// The opening handshake of a client of some kind: its bytes, whether the protocol wants it accepted, and what is wrong
// with the answer.

import { randomBytes } from 'node:crypto';
import { judgeOrigin } from '../../protocol/origin-rule.ts';
import type { ConnectAs, HandshakeResponse } from '../../wire/connection.ts';
import { requestUrlOf } from '../../wire/hub-address.ts';
import { acceptFor, findHandshakeFault } from '../../wire/opening-handshake.ts';
import { identifyRequest } from '../lab/identified-request.ts';
import { CLIENT_HEADERS, EVERY_KIND, PLACE } from './client-headers.ts';
import { originFor } from './origins.ts';
import { COOKIES, OFFERS, PROXY_HEADERS, QUERIES, SUBPROTOCOLS } from './request-headers.ts';

export interface HandshakeChoice {
  readonly client: string;
  readonly proxy: string;
  readonly cookies: string;
  readonly origin: string;
  readonly offer: string;
  readonly subprotocol: string;
  readonly query: string;
  readonly address: string;
}

export const PLAIN_HANDSHAKE: HandshakeChoice = {
  client: 'minimal',
  proxy: 'none',
  cookies: 'none',
  origin: 'none',
  offer: 'none',
  subprotocol: 'none',
  query: 'none',
  address: 'as given',
};

export interface ClientHandshake {
  /** Where to connect. */
  readonly url: string;
  readonly bytes: Buffer;
  /** accept: the hub must; refuse: it must not; either: correct hubs differ. */
  readonly wanted: 'accept' | 'refuse' | 'either';
  readonly findFault: (response: HandshakeResponse) => string | undefined;
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
  const { host, pathname, search } = requestUrlOf(url);
  const kinds = Object.keys(CLIENT_HEADERS);
  const kind = choice.client === EVERY_KIND ? (kinds[at % kinds.length] as string) : choice.client;
  const key = randomBytes(16).toString('base64');
  const origin = originFor(choice.origin, allowedOrigins);
  const offer = OFFERS[choice.offer] ?? '';
  const protocols = SUBPROTOCOLS[choice.subprotocol] ?? [];
  const values: Readonly<Record<string, string | undefined>> = {
    [PLACE.host]: host,
    [PLACE.key]: key,
    [PLACE.origin]: origin,
    [PLACE.offer]: offer === '' ? undefined : offer,
  };
  const lines = (CLIENT_HEADERS[kind] ?? []).flatMap(([name, value]) => {
    const text = value in values ? values[value] : value;
    return text === undefined ? [] : [`${name}: ${text}`];
  });
  if (protocols.length > 0) lines.push(`Sec-WebSocket-Protocol: ${protocols.join(', ')}`);
  for (const [name, value] of [...(COOKIES[choice.cookies] ?? []), ...(PROXY_HEADERS[choice.proxy] ?? [])])
    lines.push(`${name}: ${value}`);
  const query = QUERIES[choice.query] ?? '';
  const asked = search === '' ? query : search + query.replace('?', '&');
  const request = [`GET ${pathname}${asked} HTTP/1.1`, ...lines].join('\r\n');
  const offered = protocols.length > 0 ? protocols : (hub.subprotocols ?? []);
  return {
    url: url.href,
    bytes: identifyRequest(Buffer.from(`${request}\r\n\r\n`, 'utf8'), hub),
    wanted: wantedFor(choice, origin, allowedOrigins),
    findFault: (response) => findAnswerFault(response, acceptFor(key), offer, offered),
    about: kind === 'minimal' ? 'a plain client' : `a client with the headers of ${kind}`,
  };
}

function wantedFor(
  choice: HandshakeChoice,
  origin: string | undefined,
  allowedOrigins: readonly string[],
): ClientHandshake['wanted'] {
  if (!judgeOrigin(origin, allowedOrigins).isAllowed) return 'refuse';
  // RFC 6455 lets a server refuse for what it was offered, and libraries differ in a query.
  return choice.query === 'none' && choice.subprotocol === 'none' ? 'accept' : 'either';
}

function findAnswerFault(
  response: HandshakeResponse,
  expectedAccept: string,
  offer: string,
  protocols: readonly string[],
): string | undefined {
  const isDeflateOffered = offer.includes('permessage-deflate');
  return (
    findHandshakeFault(response, expectedAccept, isDeflateOffered, protocols) ??
    findParameterFault(response.headers['sec-websocket-extensions'] ?? '', offer)
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
