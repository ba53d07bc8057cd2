// Where a hub is, as sockets take it, and what its URL asks for.
import { parseUnixUrl, writeUnixUrl } from './address/unix-url.ts';

/** Thousands of clients connect to few URLs. */
const MOST_REMEMBERED = 16;

export type HubAddress = TcpAddress | UnixAddress;

export interface TcpAddress {
  /** Without the brackets that an IPv6 address has in a URL. */
  readonly host: string;
  readonly port: number;
  readonly socketPath?: undefined;
}

/** Of a Unix domain socket. */
interface UnixAddress {
  readonly socketPath: string;
}

/** Of a ws, wss, http or https URL, without a port 80 or 443, or of ws+unix or http+unix. */
export const addressOf = remembered((url): HubAddress => {
  const unix = parseUnixUrl(url);
  if (unix) return { socketPath: unix.socketPath };
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === 'wss:' || protocol === 'https:' ? 443 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || usual) };
});

/** The port of the hub; undefined on a Unix socket. */
export function portOf(url: string | URL): number | undefined {
  const address = addressOf(url);
  return address.socketPath === undefined ? address.port : undefined;
}

/** As `net.connect` takes it. */
export function connectOptionsOf(address: HubAddress) {
  return address.socketPath === undefined
    ? { host: address.host, port: address.port }
    : { path: address.socketPath };
}

/** What a request line and a Host header are made of: on a Unix socket the host is localhost. */
export const requestUrlOf = remembered((url): Readonly<URL> => {
  const unix = parseUnixUrl(url);
  return unix ? new URL(unix.requestTarget, 'ws://localhost') : new URL(url);
});

/** Another path of the same server over HTTP, as a link on a page at `url` leads to it. */
export function httpUrlOf(url: string | URL, link: string): URL {
  const { pathname, search } = new URL(link, requestUrlOf(url));
  const unix = parseUnixUrl(url);
  if (unix) return new URL(writeUnixUrl('http', { ...unix, requestTarget: pathname + search }));
  return new URL(pathname + search, `${url}`.replace(/^ws/i, 'http'));
}

function remembered<T>(parse: (url: string) => T): (url: string | URL) => T {
  const known = new Map<string, T>();
  return (url) => {
    const text = `${url}`;
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size === MOST_REMEMBERED) known.clear();
    const read = parse(text);
    known.set(text, read);
    return read;
  };
}
