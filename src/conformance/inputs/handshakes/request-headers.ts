// What stands in a handshake beside the headers of the client: proxies, cookies, credentials, headers that nobody knows, the
// path, subprotocols, offers of compression.

type Headers = readonly (readonly [name: string, value: string])[];

/** A name that is neither local nor allowed: a hub that takes it from a header as its own is wrong about origins. */
export const PROXY_HOST = 'dashboard.norn.example';

const forwarded: Headers = [
  ['X-Forwarded-For', '203.0.113.7'],
  ['X-Forwarded-Host', PROXY_HOST],
  ['X-Forwarded-Proto', 'https'],
];

export const PROXY_HEADERS: Readonly<Record<string, Headers>> = {
  none: [],
  'x-forwarded-for': [['X-Forwarded-For', '203.0.113.7']],
  'x-forwarded-host': [['X-Forwarded-Host', PROXY_HOST]],
  'x-forwarded-proto': [['X-Forwarded-Proto', 'https']],
  'x-real-ip': [['X-Real-IP', '203.0.113.7']],
  forwarded: [['Forwarded', `for=203.0.113.7;host=${PROXY_HOST};proto=https`]],
  via: [['Via', '1.1 edge']],
  'one-proxy': [['X-Real-IP', '203.0.113.7'], ...forwarded, ['X-Forwarded-Port', '443']],
  'two-proxies': [
    ['X-Forwarded-For', '203.0.113.7, 198.51.100.2'],
    ['X-Forwarded-Host', `${PROXY_HOST}, edge.norn.example`],
    ['X-Forwarded-Proto', 'https,http'],
    ['X-Forwarded-Port', '443'],
    ['Via', '2 edge, 1.1 ingress (nginx)'],
    ['X-Request-Start', 't=1735689600.123'],
  ],
  'many-hops': [
    ['X-Forwarded-For', '2001:db8::7, 203.0.113.7, unknown, 10.0.0.4, 127.0.0.1'],
    ['Forwarded', 'for="[2001:db8::7]", for=203.0.113.7;proto=https, for=_hidden'],
  ],
};

const session = 'norn_session=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln';

export const COOKIES: Readonly<Record<string, Headers>> = {
  none: [],
  one: [['Cookie', session]],
  many: [['Cookie', `${session}; theme=dark; _ga=GA1.1.1234; csrf="a b"; empty=; utf=%E2%82%AC`]],
  // Below what common servers take as a whole head.
  large: [['Cookie', `${session}; state=${'0123456789abcdef'.repeat(192)}`]],
};

/** Made up: the protocol wants none, and any are ignored. */
export const AUTHORIZATIONS: Readonly<Record<string, Headers>> = {
  none: [],
  bearer: [['Authorization', 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIyIn0.c2ln']],
  basic: [['Authorization', 'Basic bm9ybjpub3Ju']],
};

/** Of applications that the hub does not know. */
export const MORE_HEADERS: Readonly<Record<string, Headers>> = {
  none: [],
  unknown: [
    ['X-Norn-Client', 'dashboard/3 (deploys; "all")'],
    ['traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
    ['Priority', 'u=1, i'],
  ],
  empty: [
    ['X-Norn-Empty', ''],
    ['X-Norn-Colons', 'a: b: c'],
  ],
  long: [['X-Norn-State', 'fedcba9876543210'.repeat(96)]],
  many: Array.from({ length: 12 }, (_, at) => [`X-Norn-${at + 1}`, `value ${at + 1}`] as const),
};

export const QUERIES: Readonly<Record<string, string>> = {
  none: '',
  short: '?client=dashboard',
  token: `?token=${'Ab0-_.~%2B'.repeat(20)}&v=2`,
};

export const SUBPROTOCOLS: Readonly<Record<string, readonly string[]>> = {
  none: [],
  one: ['norn.v1'],
  two: ['norn.v2', 'norn.v1'],
};

/** Of browsers before permessage-deflate; a few servers still take it. */
export const LEGACY_EXTENSION = 'x-webkit-deflate-frame';

/** permessage-deflate with each parameter (RFC 7692 7.1). */
export const OFFERS: Readonly<Record<string, string>> = {
  none: '',
  browser: 'permessage-deflate; client_max_window_bits',
  bare: 'permessage-deflate',
  'no-server-context': 'permessage-deflate; server_no_context_takeover',
  'no-client-context': 'permessage-deflate; client_no_context_takeover',
  'no-context': 'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
  'small-window': 'permessage-deflate; server_max_window_bits=10',
  fallback:
    'permessage-deflate; server_max_window_bits=9; server_no_context_takeover, permessage-deflate; client_max_window_bits',
  unknown: 'x-norn-unknown; level=1',
  legacy: LEGACY_EXTENSION,
};
