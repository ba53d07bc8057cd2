// Requests that a check wrote itself, with what every client of this run sends besides: a cookie or a token that something
// in front of the hub wants. What the check says of the same header stays as it is.
import { connectAs, FIRST_CLIENT, type HubAccess, placeOf } from '../../target/identity/client-identity.ts';
import type { ConnectAs } from '../../wire/connection.ts';

/** What every client of the suite says of itself; at another place where a check names one. */
export function suiteClient(hub: HubAccess, url = hub.url): ConnectAs {
  return connectAs({ url, tls: hub.tls, identity: hub.identity }, FIRST_CLIENT);
}

const REQUEST_LINE = /^[A-Z]+ \S+ HTTP\/1\.\d\r\n/;

/** Bytes that do not begin as a request stay as they are. */
export function identifyRequest(bytes: Buffer, { headers = [], subprotocols = [] }: ConnectAs): Buffer {
  if (headers.length === 0 && subprotocols.length === 0) return bytes;
  const text = bytes.toString('latin1');
  const line = REQUEST_LINE.exec(text)?.[0];
  if (line === undefined) return bytes;
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1];
  const isUpgrade = /\r\nupgrade[ \t]*:[ \t]*websocket/i.test(text);
  const isOffering = /\r\nsec-websocket-protocol[ \t]*:/i.test(text);
  const offers = isUpgrade && !isOffering && subprotocols.length > 0;
  const others = headers.filter(([name]) => name.toLowerCase() !== 'host');
  const added = [
    ...others.map(([name, value]) => `${name}: ${value}\r\n`),
    ...(offers ? [`Sec-WebSocket-Protocol: ${subprotocols.join(', ')}\r\n`] : []),
  ];
  const rest = bytes.subarray(line.length).toString('latin1');
  const hosted = host === undefined ? rest : rest.replace(/^Host: [^\r\n]*/, `Host: ${host}`);
  return Buffer.concat([Buffer.from(line + added.join(''), 'utf8'), Buffer.from(hosted, 'latin1')]);
}

/** For reports: path and query without what is of these clients alone. */
export function showPath(text: string, { url, shownUrl }: ConnectAs): string {
  if (shownUrl === undefined) return text;
  return text.replaceAll(url.slice(placeOf(url).length), shownUrl.slice(placeOf(shownUrl).length));
}
