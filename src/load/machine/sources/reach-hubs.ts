// From where the clients of a run connect to its hubs, now that these are there.

import { forwardedHubs } from '../../../faults/network/networks.ts';
import { hubsOf } from '../../../target/replicas/joined-targets.ts';
import { type Parsed, parsed } from '../../../units/parsed.ts';
import type { LoadRunOptions } from '../../coordinator/run-options.ts';
import { countClients } from '../../plan/plan.ts';
import { planSources } from './plan-sources.ts';
import type { HubSources } from './source-addresses.ts';

/** One for each hub; none where the clients are on other machines, which have addresses and resolvers of their own. */
export async function reachHubs({
  plan,
  target,
  fleet,
}: Pick<LoadRunOptions, 'plan' | 'target' | 'fleet'>): Promise<Parsed<readonly HubSources[]>> {
  if (fleet !== undefined) return parsed([]);
  const hubs = hubsOf(target);
  const forwarded = forwardedHubs(plan.faults, hubs.length);
  return planSources({
    hubs: hubs.map(({ url }, hub) => (forwarded.includes(hub) ? 'forwarded' : { url })),
    clients: countClients(plan.cohorts),
    localAddresses: plan.localAddresses,
  });
}
