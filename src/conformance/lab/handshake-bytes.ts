// A handshake request as lines that a check may change before it is sent: the legal one is the start, and each check
// says only what it does differently.

import { randomBytes } from 'node:crypto';
import { requestUrlOf } from '../../wire/hub-address.ts';
import { acceptFor } from '../../wire/opening-handshake.ts';

export interface HandshakeLines {
  readonly method?: string;
  /** Default: path and query of the url. */
  readonly requestTarget?: string;
  readonly httpVersion?: string;
  /** Replaces a required header, removes it with undefined, or adds one. Names are compared without case. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Added as they are, repeated names included. */
  readonly extraHeaders?: readonly (readonly [name: string, value: string])[];
  readonly key?: string;
}

export interface HandshakeBytes {
  readonly bytes: Buffer;
  readonly key: string;
  readonly expectedAccept: string;
}

export function encodeHandshake(url: string, change: HandshakeLines = {}): HandshakeBytes {
  const { host, pathname, search } = requestUrlOf(url);
  const key = change.key ?? randomBytes(16).toString('base64');
  const headers = new Map<string, readonly [string, string]>();
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined) headers.delete(name.toLowerCase());
    else headers.set(name.toLowerCase(), [name, value]);
  };
  set('Host', host);
  set('Upgrade', 'websocket');
  set('Connection', 'Upgrade');
  set('Sec-WebSocket-Key', key);
  set('Sec-WebSocket-Version', '13');
  for (const [name, value] of Object.entries(change.headers ?? {})) set(name, value);
  const lines = [
    `${change.method ?? 'GET'} ${change.requestTarget ?? pathname + search} HTTP/${change.httpVersion ?? '1.1'}`,
    ...[...headers.values(), ...(change.extraHeaders ?? [])].map(([name, value]) => `${name}: ${value}`),
  ];
  const bytes = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'utf8');
  return { bytes, key, expectedAccept: acceptFor(key) };
}
