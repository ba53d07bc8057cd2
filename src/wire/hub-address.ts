// Host and port of a hub, as sockets take them.

export interface HubAddress {
  /** Without the brackets that an IPv6 address has in a URL. */
  readonly host: string;
  readonly port: number;
}

/** Of a ws, wss, http or https URL; without a port, 80 or 443. */
export function addressOf(url: string | URL): HubAddress {
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === 'wss:' || protocol === 'https:' ? 443 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || usual) };
}
