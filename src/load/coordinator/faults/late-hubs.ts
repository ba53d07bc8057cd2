// Hubs that a fault starts while the run goes on: until then they do not run, and their clients connect to the first hub.

import type { Fault } from '../../../faults/language/fault.ts';
import type { Networks } from '../../../faults/network/networks.ts';
import type { HubAccess } from '../../../target/identity/client-identity.ts';
import { hubsOf } from '../../../target/replicas/joined-targets.ts';
import type { Target } from '../../../target/target.ts';
import type { HubSources } from '../../machine/sources/source-addresses.ts';

/** Ends the hubs that are started later; resolves with how clients reach each hub at first. */
export async function openHubs(
  faults: readonly Fault[],
  target: Target,
  networks: Networks,
  sources: readonly HubSources[] = [],
): Promise<readonly HubAccess[]> {
  const hubs = hubsOf(target);
  const isLate = (hub: number) => faults.some(({ kind, target: at }) => kind === 'start' && at === hub + 1);
  return Promise.all(
    hubs.map(async (own, hub) => {
      const network = networks.of(hub);
      const access = {
        url: own.url,
        tls: own.tls,
        identity: own.identity,
        via: network?.port,
        ...placesOf(sources[hub]),
      };
      if (!isLate(hub)) return access;
      await own.kill();
      await network?.forwardTo(target.url);
      return { ...access, url: target.url, ...placesOf(sources[0]) };
    }),
  );
}

/** Without addresses each client looks for itself. */
function placesOf({
  addresses = [],
  sources,
}: Partial<HubSources> = {}): Pick<HubAccess, 'addresses' | 'sources'> {
  const [first, ...others] = addresses;
  return { addresses: first && [first, ...others], sources };
}
