// How many clients a machine can carry with one hub on it: the smaller of what descriptors and memory allow. Workers and local
// ports do not limit it: there are as many workers, and on loopback as many source addresses, as the clients need. Pure.
import { SPARE_DESCRIPTORS } from './worker-count.ts';

export interface MachineLimits {
  /** Of one process, such as the hub; undefined where the system does not say, as is the other. */
  readonly descriptors: number | undefined;
  readonly availableBytes: number | undefined;
}

export interface Capacity {
  readonly clients: number;
  readonly limitedBy: 'descriptors of the hub' | 'memory';
}

/** Both ends of a fast client: 28 KB measured with 54,000 that get an event a second (11 of them in the kernel), and a margin. */
export const CLIENT_BYTES = 40_000;
/** In a worker and in the kernel: what a client takes wherever its hub is. */
export const LEAST_CLIENT_BYTES = 16 * 1024;

/** Undefined where no limit is known. */
export function estimateCapacity({ descriptors, availableBytes }: MachineLimits): Capacity | undefined {
  const candidates: readonly (readonly [Capacity['limitedBy'], number | undefined])[] = [
    [
      'descriptors of the hub',
      descriptors === undefined ? undefined : Math.max(0, descriptors - SPARE_DESCRIPTORS),
    ],
    ['memory', availableBytes === undefined ? undefined : Math.floor(availableBytes / CLIENT_BYTES)],
  ];
  const known = candidates.flatMap(([limitedBy, clients]) =>
    clients === undefined ? [] : [{ limitedBy, clients }],
  );
  return known.sort((a, b) => a.clients - b.clients)[0];
}
