// URLs of a server on a Unix domain socket, `ws+unix:/run/hub.sock:/ws`, as the package `ws` writes them: the path of the
// socket, a colon, and the path of the request.

export interface UnixUrl {
  readonly socketPath: string;
  /** With the query; `/` where the URL has none. */
  readonly requestTarget: string;
}

export const isUnixUrl = (url: string | URL): boolean => /^(ws|http)\+unix:/i.test(`${url}`);

/** Undefined for any other URL, and for one without the path of a socket. */
export function parseUnixUrl(url: string | URL): UnixUrl | undefined {
  if (!isUnixUrl(url) || !URL.canParse(`${url}`)) return undefined;
  const { host, pathname, search } = new URL(url);
  const [socketPath = '', path = '/', ...rest] = pathname.split(':');
  // Two slashes make the first folder a host.
  if (host !== '' || socketPath === '' || !path.startsWith('/')) return undefined;
  return { socketPath: decodePath(socketPath), requestTarget: [path, ...rest].join(':') + search };
}

export function writeUnixUrl(scheme: 'ws' | 'http', { socketPath, requestTarget }: UnixUrl): string {
  return `${scheme}+unix:${encodeURI(socketPath).replace(/[?#:]/g, encodeURIComponent)}:${requestTarget}`;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
