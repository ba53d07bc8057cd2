// Factor: the Origin of the clients, by class. The origin rule of the protocol says which must be let in.
import { namedFactor } from './factor.ts';

export const ORIGIN_FACTOR = namedFactor('origin', 'none', {
  default: 'Origin http://localhost:5173',
  'local-port': 'an Origin on another port of localhost',
  'local-tls': 'Origin https://localhost',
  loopback: 'an Origin on 127.0.0.1',
  loopback6: 'an Origin on [::1]',
  listed: 'an Origin that the hub allows',
  blank: 'an empty Origin',
  'low-port': 'an Origin on a port below 1000',
  unknown: { text: 'an unknown Origin', weight: 0.4 },
  proxied: { text: 'an Origin on the forwarded host', weight: 0.4 },
  'look-alike': { text: 'an Origin that begins like localhost', weight: 0.3 },
  'look-alike-ip': { text: 'an Origin that begins like 127.0.0.1', weight: 0.3 },
  'user-info': { text: 'an Origin with localhost as its user', weight: 0.3 },
  null: { text: 'Origin null', weight: 0.3 },
  subdomain: { text: 'an Origin below localhost', weight: 0.2 },
  suffix: { text: 'an Origin that ends like localhost', weight: 0.2 },
  'listed-start': { text: 'an Origin that begins like an allowed one', weight: 0.2 },
  'no-host': { text: 'an Origin without a host', weight: 0.2 },
  'private-ip': { text: 'an Origin in a private network', weight: 0.2 },
  long: { text: 'an unknown Origin of 384 characters', weight: 0.3 },
  'other-loopback': { text: 'Origin http://127.0.0.12', weight: 0.2 },
});
