// Host and port of a hub, as sockets take them.

export interface HubAddress {
  /** Without the brackets that an IPv6 address has in a URL. */
  readonly host: string;
  readonly port: number;
}

/** Of a ws or http URL; without a port, 80. */
export function addressOf(url: string | URL): HubAddress {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) };
}
