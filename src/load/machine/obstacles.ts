// What would stop a run half-way: too few descriptors, too little memory. Ports are in source-addresses.ts. Pure.
import { renderBytes } from '../../units/size.ts';
import { LEAST_CLIENT_BYTES } from './capacity.ts';
import { WIDEN_PORTS } from './sources/source-addresses.ts';
import { SPARE_DESCRIPTORS } from './worker-count.ts';

export interface Need {
  /** The most at a time, at all hubs together. */
  readonly clients: number;
  readonly workers: number;
  /** How a message names each, with what its process may open; undefined where nobody knows. */
  readonly hubs: readonly { readonly name: string; readonly descriptors: number | undefined }[];
  /** Clients that go through one forwarder, which a fault of the network needs; 0 without. */
  readonly forwardedClients: number;
}

export interface Grant {
  /** That each process of the kit may open; undefined where the system does not say, as are the others. */
  readonly descriptors: number | undefined;
  /** Of one source address to one address of a hub. */
  readonly ports: number | undefined;
  readonly availableBytes: number | undefined;
}

/** To a worker: its channel and what Node opens for it. */
const DESCRIPTORS_FOR_A_WORKER = 4;

/** One sentence for each thing that is in the way, with what to do about it. */
export function findObstacles(need: Need, grant: Grant): string[] {
  return [
    ...workersWithout(need, grant),
    ...coordinatorWithout(need, grant),
    ...forwarderWithout(need, grant),
    ...hubsWithout(need),
    ...memoryWithout(need, grant),
  ];
}

const unlimited = Number.POSITIVE_INFINITY;

function workersWithout({ clients, workers }: Need, { descriptors = unlimited }: Grant): string[] {
  const each = Math.ceil(clients / workers) + SPARE_DESCRIPTORS;
  if (descriptors >= each) return [];
  const enough = Math.ceil(clients / Math.max(1, descriptors - SPARE_DESCRIPTORS));
  return [
    `${clients} clients in ${workers} worker processes need ${each} descriptors each, the limit is ${descriptors}: raise it (ulimit -n ${each}), or use ${enough} worker processes`,
  ];
}

function coordinatorWithout({ workers }: Need, { descriptors = unlimited }: Grant): string[] {
  const needed = workers * DESCRIPTORS_FOR_A_WORKER + SPARE_DESCRIPTORS;
  if (descriptors >= needed) return [];
  return [
    `the coordinator of ${workers} worker processes needs ${needed} descriptors, the limit is ${descriptors}: raise it (ulimit -n ${needed}), or use fewer worker processes`,
  ];
}

function forwarderWithout(
  { forwardedClients }: Need,
  { descriptors = unlimited, ports = unlimited }: Grant,
): string[] {
  const needed = 2 * forwardedClients + SPARE_DESCRIPTORS;
  if (forwardedClients > ports)
    return [
      `a forwarder for ${forwardedClients} clients, which partition, latency and bandwidth need, has ${ports} ports to the hub: use fewer clients, or widen the range with ${WIDEN_PORTS}`,
    ];
  if (forwardedClients === 0 || descriptors >= needed) return [];
  return [
    `a forwarder for ${forwardedClients} clients, which partition, latency and bandwidth need, takes ${needed} descriptors, the limit is ${descriptors}: raise it (ulimit -n ${needed}), or use fewer clients`,
  ];
}

/** Clients go to the hubs in turn. */
function hubsWithout({ clients, hubs }: Need): string[] {
  const each = Math.ceil(clients / hubs.length);
  const needed = each + SPARE_DESCRIPTORS;
  return hubs.flatMap(({ name, descriptors = unlimited }) =>
    descriptors >= needed
      ? []
      : [
          `${name} needs ${needed} descriptors for ${each} clients, its limit is ${descriptors}: raise it (ulimit -n ${needed}) where the hub is started, use more hubs, or fewer clients`,
        ],
  );
}

function memoryWithout({ clients }: Need, { availableBytes = unlimited }: Grant): string[] {
  const needed = clients * LEAST_CLIENT_BYTES;
  if (availableBytes >= needed) return [];
  return [
    `${clients} clients take at least ${renderBytes(needed)} of memory in the workers and the kernel, ${renderBytes(availableBytes)} are available: close other programs, or use fewer clients`,
  ];
}
