// Before a run starts: whether this machine has what it needs, with what to do where it has not.
import { readDescriptorLimit } from '../../target/process-facts.ts';
import type { TargetChoice } from '../../target/target-flags.ts';
import { portsOf, readPorts } from '../../wire/address/local-ports.ts';
import { readAvailableBytes, readOwnDescriptors } from './machine-limits.ts';
import { findObstacles } from './obstacles.ts';
import type { LocalAddresses } from './sources/local-address-language.ts';
import { findOwnAddresses } from './sources/own-addresses.ts';
import { planSources } from './sources/plan-sources.ts';

/** A hub as it is known before the run starts. */
export interface HubAhead {
  /** Undefined for one that the kit starts: it will be on loopback. */
  readonly url: string | undefined;
  /** Its process, where the user names it. */
  readonly pid?: number | undefined;
  /** The kit starts it, so that it has the limits of the kit. */
  readonly isStarted: boolean;
}

export interface PreflightInput {
  /** The most at a time. */
  readonly clients: number;
  readonly workers: number;
  readonly hubs: readonly HubAhead[];
  /** Hubs, from 0, that clients reach through a forwarder, which a fault of the network needs. */
  readonly forwardedHubs?: readonly number[];
  readonly localAddresses: readonly LocalAddresses[];
}

export interface Obstacle {
  readonly field: 'clients' | 'localAddresses';
  readonly problem: string;
}

export function hubAhead(choice: TargetChoice): HubAhead {
  const url = 'url' in choice ? choice.url : undefined;
  const pid = 'hubPid' in choice ? choice.hubPid : undefined;
  return { url, pid, isStarted: choice.kind !== 'running' && choice.kind !== 'observe' };
}

/** What is in the way; undefined where nothing is. */
export async function findObstacle(input: PreflightInput): Promise<Obstacle | undefined> {
  const { clients, workers, hubs, forwardedHubs = [], localAddresses } = input;
  const own = await findOwnAddresses(localAddresses);
  if (!own.ok) return { field: 'localAddresses', problem: own.problem };
  if (localAddresses.length > 0 && forwardedHubs.length > 0)
    return { field: 'localAddresses', problem: NOT_THROUGH_A_FORWARDER };
  const ports = await readPorts();
  const obstacles = findObstacles(
    {
      ...{ clients, workers },
      hubs: await Promise.all(hubs.map((hub, at) => describe(hub, at, hubs.length))),
      forwardedClients: forwardedHubs.length === 0 ? 0 : Math.ceil(clients / hubs.length),
    },
    {
      descriptors: readOwnDescriptors(),
      ports: ports && portsOf(ports),
      availableBytes: await readAvailableBytes(),
    },
  );
  const sources = await planSources({
    hubs: hubs.map(({ url }, at) =>
      forwardedHubs.includes(at) ? 'forwarded' : url === undefined ? 'ahead' : { url },
    ),
    ...{ clients, localAddresses },
  });
  if (!sources.ok && localAddresses.length > 0) return { field: 'localAddresses', problem: sources.problem };
  const problems = [...obstacles, ...(sources.ok ? [] : [sources.problem])];
  return problems.length === 0 ? undefined : { field: 'clients', problem: problems.join('; ') };
}

const NOT_THROUGH_A_FORWARDER =
  'partition, latency and bandwidth need a forwarder between clients and hub, which connects from an address of its own; leave out one of them';

async function describe({ pid, isStarted }: HubAhead, at: number, count: number) {
  const name = count === 1 ? 'the hub' : `target ${at + 1}`;
  if (pid !== undefined) return { name, descriptors: await readDescriptorLimit(pid) };
  return { name, descriptors: isStarted ? readOwnDescriptors() : undefined };
}
