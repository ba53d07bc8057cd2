// What a run notes of its hubs: how each was reached, what its process holds, and the addresses of a host that has several.
import { hubsOf, publishersOf } from '../../target/replicas/joined-targets.ts';
import type { Target } from '../../target/target.ts';
import { reportTarget } from '../../target/tls/reported-target.ts';
import { findReachable } from '../../wire/address/reachable-addresses.ts';
import { addressOf } from '../../wire/hub-address.ts';
import type { HubAddressCandidate } from '../result/parts/addresses.ts';
import type { DescribedHub } from '../result/targets/fold-targets.ts';

/** `forwarded`: the hubs, from 0, that clients reach through a forwarder, which chooses one address. */
export async function describeHubs(
  target: Target,
  forwarded: readonly number[] = [],
): Promise<{
  readonly hubs: readonly DescribedHub[];
  readonly addresses: readonly HubAddressCandidate[];
}> {
  const describe = async (hub: Target) => ({
    ...reportTarget(hub),
    isPublishedAt: publishersOf(target).includes(hub) || hub === target,
    resources: (await hub.resources()) ?? null,
  });
  const direct = hubsOf(target).filter((_, hub) => !forwarded.includes(hub));
  return { hubs: await Promise.all(hubsOf(target).map(describe)), addresses: await findHubAddresses(direct) };
}

/** None of a host with one address, and of a Unix socket. */
async function findHubAddresses(hubs: readonly Target[]): Promise<readonly HubAddressCandidate[]> {
  return (await Promise.all(hubs.map(({ url }) => findAddresses(url)))).flat();
}

async function findAddresses(url: string): Promise<readonly HubAddressCandidate[]> {
  const to = addressOf(url);
  if (to.socketPath !== undefined) return [];
  const found = await findReachable(to.host, to.port).catch(() => undefined);
  if (found === undefined || found.answering.length + found.silent.length < 2) return [];
  return [
    ...found.answering.map(({ address }) => ({ url, address, isAnswering: true })),
    ...found.silent.map(({ address }) => ({ url, address, isAnswering: false })),
  ];
}
