// Factors: what stands in a handshake beside the headers of the client: proxies, cookies, credentials, headers that nobody
// knows, the path, subprotocols.
import { namedFactor } from './factor.ts';

export const PROXY_FACTOR = namedFactor('proxy', 'none', {
  'x-forwarded-for': 'X-Forwarded-For',
  'x-forwarded-host': 'X-Forwarded-Host',
  'x-forwarded-proto': 'X-Forwarded-Proto: https',
  'x-real-ip': 'X-Real-IP',
  forwarded: 'Forwarded',
  via: 'Via',
  'one-proxy': 'the headers of a proxy',
  'two-proxies': 'the headers of two proxies',
  'many-hops': 'X-Forwarded-For with five hops',
});

export const ADDRESS_FACTOR = namedFactor('address', 'as given', { ipv6: 'a client on ::1' });

export const COOKIE_FACTOR = namedFactor('cookies', 'none', {
  one: 'a cookie',
  many: 'several cookies',
  large: 'a cookie of 3 KiB',
});

export const AUTHORIZATION_FACTOR = namedFactor('authorization', 'none', {
  bearer: 'Authorization: Bearer',
  basic: 'Authorization: Basic',
});

export const MORE_HEADERS_FACTOR = namedFactor('more', 'none', {
  unknown: 'headers that the hub does not know',
  empty: 'an empty header',
  long: 'a header of 1.5 KiB',
  many: 'twelve more headers',
});

/** Libraries differ in whether they take a query: a refusal is not judged, what follows an acceptance is. */
export const QUERY_FACTOR = namedFactor('query', 'none', {
  short: 'a query in the path',
  token: 'a long query in the path',
});

export const SUBPROTOCOL_FACTOR = namedFactor('subprotocol', 'none', {
  one: 'an offer of a subprotocol',
  two: 'offers of two subprotocols',
});

export const OFFER_FACTOR = namedFactor('offer', 'none', {
  browser: 'the compression offer of browsers',
  bare: 'an offer of permessage-deflate',
  'no-server-context': 'an offer with server_no_context_takeover',
  'no-client-context': 'an offer with client_no_context_takeover',
  'no-context': 'an offer without context on both sides',
  'small-window': 'an offer with server_max_window_bits=10',
  fallback: 'two offers of permessage-deflate',
  unknown: 'an offer of an unknown extension',
  legacy: 'an offer of x-webkit-deflate-frame',
});
