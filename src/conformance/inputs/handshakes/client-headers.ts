// The complete handshakes of common clients, with the order and case of their header names.

/** Where the values of a handshake stand in the list of a client. */
export const PLACE = { host: '{host}', key: '{key}', origin: '{origin}', offer: '{offer}' } as const;

type Headers = readonly (readonly [name: string, value: string])[];

const MOZILLA = 'Mozilla/5.0 (X11; Linux x86_64)';
const UPGRADE = ['Upgrade', 'websocket'] as const;
const CONNECTION = ['Connection', 'Upgrade'] as const;
const VERSION = ['Sec-WebSocket-Version', '13'] as const;
const KEY = ['Sec-WebSocket-Key', PLACE.key] as const;
const HOST = ['Host', PLACE.host] as const;
const ORIGIN = ['Origin', PLACE.origin] as const;
const OFFER = ['Sec-WebSocket-Extensions', PLACE.offer] as const;
const NO_CACHE = [
  ['Pragma', 'no-cache'],
  ['Cache-Control', 'no-cache'],
] as const;
const FETCH = [
  ['Sec-Fetch-Dest', 'websocket'],
  ['Sec-Fetch-Mode', 'websocket'],
  ['Sec-Fetch-Site', 'same-site'],
] as const;

/** Origin and extensions are factors of their own: without a value their line is left out. */
export const CLIENT_HEADERS: Readonly<Record<string, Headers>> = {
  minimal: [HOST, UPGRADE, CONNECTION, KEY, VERSION, ORIGIN, OFFER],
  chrome: [
    HOST,
    CONNECTION,
    ...NO_CACHE,
    ['User-Agent', `${MOZILLA} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36`],
    UPGRADE,
    ORIGIN,
    VERSION,
    ['Accept-Encoding', 'gzip, deflate, br, zstd'],
    ['Accept-Language', 'en-US,en;q=0.9,de;q=0.8'],
    KEY,
    OFFER,
  ],
  firefox: [
    HOST,
    ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0'],
    ['Accept', '*/*'],
    ['Accept-Language', 'en-US,en;q=0.5'],
    ['Accept-Encoding', 'gzip, deflate, br, zstd'],
    VERSION,
    ORIGIN,
    OFFER,
    KEY,
    ['DNT', '1'],
    ['Sec-GPC', '1'],
    ['Connection', 'keep-alive, Upgrade'],
    ...FETCH,
    ...NO_CACHE,
    UPGRADE,
  ],
  safari: [
    HOST,
    ['Sec-Fetch-Site', 'same-origin'],
    ['Pragma', 'no-cache'],
    ORIGIN,
    CONNECTION,
    KEY,
    ['Sec-Fetch-Mode', 'websocket'],
    VERSION,
    OFFER,
    ['Cache-Control', 'no-cache'],
    ['Sec-Fetch-Dest', 'websocket'],
    ['Accept-Language', 'en-GB,en;q=0.9'],
    [
      'User-Agent',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15',
    ],
    UPGRADE,
    ['Accept-Encoding', 'gzip, deflate'],
  ],
  curl: [
    HOST,
    ['User-Agent', 'curl/8.14.1'],
    ['Accept', '*/*'],
    ORIGIN,
    UPGRADE,
    CONNECTION,
    VERSION,
    KEY,
    OFFER,
  ],
  go: [HOST, ['User-Agent', 'Go-http-client/1.1'], CONNECTION, ORIGIN, OFFER, KEY, VERSION, UPGRADE],
  python: [
    HOST,
    UPGRADE,
    CONNECTION,
    KEY,
    VERSION,
    ORIGIN,
    OFFER,
    ['User-Agent', 'Python/3.13 websockets/15.0.1'],
  ],
  node: [VERSION, KEY, CONNECTION, UPGRADE, OFFER, ORIGIN, HOST],
  // As gateways that speak HTTP/2 to the browser write it.
  gateway: [
    ['host', PLACE.host],
    ['user-agent', `${MOZILLA} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36`],
    ['origin', PLACE.origin],
    ['accept-encoding', 'gzip, deflate, br'],
    ['sec-websocket-version', '13'],
    ['sec-websocket-key', PLACE.key],
    ['sec-websocket-extensions', PLACE.offer],
    ['x-request-id', '4b1f3a52-9f0e-4d43-b1d1-7d4f2c1f6d0a'],
    ['upgrade', 'WebSocket'],
    ['connection', 'upgrade'],
  ],
};

/** Every client of the program is another one. */
export const EVERY_KIND = 'every kind';
