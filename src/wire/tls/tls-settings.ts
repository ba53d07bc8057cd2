// How connections are made over TLS: one value, parsed at the edge (target/tls-flags.ts) and handed to whatever connects.
// It holds a private key, so it is never part of a plan, a result or a message for people.
import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';

export interface TlsSettings {
  /** Certificates to trust instead of the system's, as PEM texts. */
  readonly ca?: readonly string[];
  /** The client's own certificate and its key, as PEM texts. */
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** The name that the certificate must have, and that the server receives; default: the host of the URL. */
  readonly servername?: string;
  /** Any certificate is accepted. */
  readonly isInsecure?: boolean;
}

const NONE: TlsSettings = {};
const contexts = new WeakMap<TlsSettings, SecureContext>();

/** What browsers offer for a WebSocket: HTTP/1.1 and nothing else. */
const ALPN_PROTOCOLS = ['http/1.1'];

/** Options of `tls.connect` for this host (hub-address.ts). The certificates are parsed once for each value of settings. */
export function tlsOptionsFor(host: string, settings: TlsSettings = NONE) {
  const servername = settings.servername ?? (isIP(host) === 0 ? host : undefined);
  return {
    ...verificationOf(settings),
    host,
    ...(servername === undefined ? {} : { servername }),
    secureContext: contextOf(settings),
  };
}

/** The same for an agent of `node:https`, which makes its own context and keeps sessions itself. */
export function agentOptionsFor(settings: TlsSettings = NONE) {
  const { ca, cert, key, passphrase, servername } = settings;
  return {
    ...verificationOf(settings),
    ...(ca && { ca: [...ca] }),
    ...(cert && { cert, key }),
    ...(passphrase !== undefined && { passphrase }),
    ...(servername !== undefined && { servername }),
  };
}

function verificationOf({ isInsecure = false }: TlsSettings) {
  return { rejectUnauthorized: !isInsecure, ALPNProtocols: ALPN_PROTOCOLS };
}

function contextOf(settings: TlsSettings): SecureContext {
  const known = contexts.get(settings);
  if (known) return known;
  const { ca, cert, key, passphrase } = settings;
  const context = createSecureContext({ ca: ca && [...ca], cert, key, passphrase });
  contexts.set(settings, context);
  return context;
}

/** Whether clients reach this URL over TLS. */
export function isTlsUrl(url: string | URL): boolean {
  return /^(wss|https):/i.test(`${url}`);
}
