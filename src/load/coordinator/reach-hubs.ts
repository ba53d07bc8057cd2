// From where the clients of a run connect to its hubs, now that these are there.

import { forwardedHubs } from '../../faults/network/networks.ts';
import { hubsOf } from '../../target/replicas/joined-targets.ts';
import type { Target } from '../../target/target.ts';
import type { Parsed } from '../../units/parsed.ts';
import { planSources } from '../machine/sources/plan-sources.ts';
import type { HubSources } from '../machine/sources/source-addresses.ts';
import { countClients, type LoadPlan } from '../plan/plan.ts';

/** One for each hub. */
export function reachHubs(plan: LoadPlan, target: Target): Promise<Parsed<readonly HubSources[]>> {
  const hubs = hubsOf(target);
  const forwarded = forwardedHubs(plan.faults, hubs.length);
  return planSources({
    hubs: hubs.map(({ url }, hub) => (forwarded.includes(hub) ? 'forwarded' : { url })),
    clients: countClients(plan.cohorts),
    localAddresses: plan.localAddresses,
  });
}
