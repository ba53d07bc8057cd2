// From where the clients of a run connect to each hub, with the addresses of the hubs looked up: once a run, not once a client.
import { type Parsed, unparsed } from '../../../units/parsed.ts';
import { portsOf, readPorts } from '../../../wire/address/local-ports.ts';
import { findReachable } from '../../../wire/address/reachable-addresses.ts';
import { addressOf } from '../../../wire/hub-address.ts';
import { canPrepareSockets } from '../../../wire/kernel/prepared-socket.ts';
import { isTlsUrl } from '../../../wire/tls/tls-settings.ts';
import type { LocalAddresses } from './local-address-language.ts';
import { findOwnAddresses } from './own-addresses.ts';
import { chooseSources, type HubSources, type HubToReach } from './source-addresses.ts';

/** A URL; `ahead` for a hub that the kit will start on loopback, `forwarded` for one that clients reach through a forwarder. */
type HubPlace = { readonly url: string } | 'ahead' | 'forwarded';

export interface SourcesWanted {
  /** In their order. */
  readonly hubs: readonly HubPlace[];
  /** The most at a time, at all hubs together. */
  readonly clients: number;
  readonly localAddresses: readonly LocalAddresses[];
}

/** One for each hub. Rejects never: a host that cannot be looked up has no addresses, and connecting says why. */
export async function planSources(wanted: SourcesWanted): Promise<Parsed<readonly HubSources[]>> {
  const local = await findOwnAddresses(wanted.localAddresses);
  if (!local.ok) return unparsed(local.problem);
  const limits = await readPorts();
  return chooseSources({
    hubs: await Promise.all(wanted.hubs.map(reach)),
    clients: wanted.clients,
    ports: limits && portsOf(limits),
    local: local.value,
    // Node connects some TLS sockets itself, and binds them to a port of their own before.
    hasPortsForEachPair:
      canPrepareSockets() && !wanted.hubs.some((hub) => typeof hub === 'object' && isTlsUrl(hub.url)),
  });
}

async function reach(hub: HubPlace): Promise<HubToReach> {
  if (hub === 'ahead') return { url: 'the hub', addresses: [{ address: '127.0.0.1', family: 4 }] };
  if (hub === 'forwarded') return { url: 'a forwarder', addresses: [] };
  const { url } = hub;
  const to = addressOf(url);
  if (to.socketPath !== undefined) return { url, addresses: [] };
  const found = await findReachable(to.host, to.port).catch(() => undefined);
  // Where nothing answers yet, each client finds out for itself what does.
  return { url, addresses: found === undefined || found.isUnsettled ? [] : found.answering };
}
