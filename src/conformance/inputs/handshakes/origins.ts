// The Origin of clients, by class. The origin rule of the protocol says which must be let in.
import { PROXY_HOST } from './request-headers.ts';

/** Without those that depend on the hub: `listed` and `listed-start`. */
const ORIGINS: Readonly<Record<string, string>> = {
  default: 'http://localhost:5173',
  'local-port': 'http://localhost:49152',
  'local-tls': 'https://localhost',
  loopback: 'http://127.0.0.1:8080',
  loopback6: 'http://[::1]:3000',
  unknown: 'https://attacker.example',
  proxied: `https://${PROXY_HOST}`,
  'look-alike': 'http://localhost.attacker.example',
  'look-alike-ip': 'http://127.0.0.1.attacker.example:5173',
  'user-info': 'http://localhost:5173@attacker.example',
  null: 'null',
  blank: '',
  'low-port': 'http://localhost:80',
  subdomain: 'http://app.localhost:3000',
  suffix: 'http://mylocalhost:3000',
  'no-host': 'http://',
  'private-ip': 'http://192.168.1.5:3000',
  long: `https://${'norn-dashboard.'.repeat(24)}attacker.example`,
  'other-loopback': 'http://127.0.0.12',
};

/** The value of the header; undefined: no such header. */
export function originFor(value: string, allowedOrigins: readonly string[]): string | undefined {
  if (value === 'listed') return allowedOrigins.at(-1) ?? ORIGINS.default;
  if (value === 'listed-start') return beginsLike(allowedOrigins);
  return ORIGINS[value];
}

/** An allowed origin and more, as a browser can send it: not behind a port. */
function beginsLike(allowedOrigins: readonly string[]): string {
  const withoutPort = allowedOrigins.find((origin) => /^https?:\/\/[a-z0-9.-]+$/.test(origin));
  return `${withoutPort ?? 'http://localhost'}.attacker.example`;
}
