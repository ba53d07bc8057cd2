// How many clients a machine can carry: the smallest of what its descriptors, ports and memory allow.

export interface MachineLimits {
  /** Of one process; undefined where the system does not say, as are the others. */
  readonly descriptors: number | undefined;
  /** Local ports to one destination. */
  readonly ports: number | undefined;
  readonly availableBytes: number | undefined;
}

export interface Capacity {
  readonly clients: number;
  readonly limitedBy: 'descriptors' | 'local ports' | 'memory';
}

/** Descriptors that the hub needs besides its connections. */
const SPARE_DESCRIPTORS = 100;
/** Both ends of a fast client: about 26 KB in the processes (measured with 4,000 clients), and as much in the kernel. */
export const CLIENT_BYTES = 64 * 1024;

/** Undefined where no limit is known. */
export function estimateCapacity({
  descriptors,
  ports,
  availableBytes,
}: MachineLimits): Capacity | undefined {
  const candidates: readonly (readonly [Capacity['limitedBy'], number | undefined])[] = [
    ['descriptors', descriptors === undefined ? undefined : Math.max(0, descriptors - SPARE_DESCRIPTORS)],
    ['local ports', ports],
    ['memory', availableBytes === undefined ? undefined : Math.floor(availableBytes / CLIENT_BYTES)],
  ];
  const known = candidates.flatMap(([limitedBy, clients]) =>
    clients === undefined ? [] : [{ limitedBy, clients }],
  );
  return known.sort((a, b) => a.clients - b.clients)[0];
}
