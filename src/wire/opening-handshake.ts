// The opening handshake as a client does it (RFC 6455 section 4.1): request bytes out, response head in, judged.
import { createHash, randomBytes } from 'node:crypto';
import type { HandshakeResponse, HeaderLine } from './connection.ts';
import { findDeflateFault } from './deflate.ts';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** A response head longer than this is refused. */
const MAX_RESPONSE_HEAD_BYTES = 16 * 1024;

export interface HandshakeRequest {
  readonly bytes: Buffer;
  /** What Sec-WebSocket-Accept must be. */
  readonly expectedAccept: string;
}

/** The accept value for a key (RFC 6455 4.2.2, step 5.4). */
export function acceptFor(key: string): string {
  return createHash('sha1').update(`${key}${GUID}`).digest('base64');
}

/** A valid GET with a fresh key; `headers` follow the required ones in their order. No Origin unless it is there. */
export function createHandshakeRequest(
  url: URL,
  headers: readonly HeaderLine[] = [],
  key = randomBytes(16).toString('base64'),
): HandshakeRequest {
  const hasHost = headers.some(([name]) => name.toLowerCase() === 'host');
  const lines = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    ...(hasHost ? [] : [`Host: ${url.host}`]),
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Version: 13',
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return { bytes: Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'utf8'), expectedAccept: acceptFor(key) };
}

export type ParsedHead =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'malformed'; readonly problem: string }
  | { readonly kind: 'complete'; readonly response: HandshakeResponse; readonly headBytes: number };

/** Reads an HTTP/1.x response head from the start of `bytes`. */
export function parseResponseHead(bytes: Buffer): ParsedHead {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) {
    if (bytes.length > MAX_RESPONSE_HEAD_BYTES)
      return malformed(`a response head of more than ${MAX_RESPONSE_HEAD_BYTES} bytes`);
    const start = bytes.toString('latin1', 0, 5);
    return 'HTTP/'.startsWith(start) ? { kind: 'incomplete' } : malformed('not HTTP');
  }
  const [statusLine = '', ...headerLines] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine);
  if (!status) return malformed(`status line ${JSON.stringify(statusLine.slice(0, 80))}`);
  const headers: Record<string, string> = {};
  for (const line of headerLines) {
    const colon = line.indexOf(':');
    if (colon <= 0) return malformed(`header line ${JSON.stringify(line.slice(0, 80))}`);
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return { kind: 'complete', response: { status: Number(status[1]), headers }, headBytes: end + 4 };
}

function malformed(problem: string): ParsedHead {
  return { kind: 'malformed', problem };
}

/**
 * Why a response is not a correct 101 to a request that offered these subprotocols, and no extension but compression
 * where `offersDeflate`; undefined when it is.
 */
export function findHandshakeFault(
  response: HandshakeResponse,
  expectedAccept: string,
  offersDeflate = false,
  subprotocols: readonly string[] = [],
): string | undefined {
  const { status, headers } = response;
  if (status !== 101) return `HTTP ${status} instead of 101`;
  if (headers.upgrade?.toLowerCase() !== 'websocket')
    return `Upgrade is ${show(headers.upgrade)}, not websocket`;
  const connection = (headers.connection ?? '').toLowerCase().split(',');
  if (!connection.some((token) => token.trim() === 'upgrade')) {
    return `Connection is ${show(headers.connection)}, without the token Upgrade`;
  }
  const accept = headers['sec-websocket-accept'];
  if (accept !== expectedAccept) return `Sec-WebSocket-Accept is ${show(accept)}, not ${expectedAccept}`;
  const extensions = headers['sec-websocket-extensions'];
  if (extensions && !offersDeflate) return `an extension nobody offered: ${extensions}`;
  const deflateFault = extensions && findDeflateFault(extensions);
  if (deflateFault) return `Sec-WebSocket-Extensions that are ${deflateFault}`;
  return findSubprotocolFault(response, subprotocols);
}

/** A server may choose one of those that were offered, or none (RFC 6455 section 4.2.2). */
function findSubprotocolFault(
  { headers }: HandshakeResponse,
  offered: readonly string[],
): string | undefined {
  const chosen = headers['sec-websocket-protocol'];
  if (!chosen || offered.includes(chosen)) return undefined;
  return `a subprotocol nobody offered: ${chosen}`;
}

function show(value: string | undefined): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
