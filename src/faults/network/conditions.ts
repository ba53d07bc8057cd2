// What the network between clients and a hub is like while faults of it go on: several at once add up.
import type { FaultAction } from '../language/fault.ts';

export type NetworkFault = Extract<FaultAction, { readonly kind: 'partition' | 'latency' | 'bandwidth' }>;

export interface NetworkConditions {
  readonly isPartitioned: boolean;
  /** In each direction. */
  readonly latencyMillis: number;
  /** Of each connection and direction; undefined: no limit. */
  readonly bytesPerSecond: number | undefined;
}

export const USUAL_CONDITIONS: NetworkConditions = {
  isPartitioned: false,
  latencyMillis: 0,
  bytesPerSecond: undefined,
};

export function isNetworkFault<F extends FaultAction>(fault: F): fault is F & NetworkFault {
  return fault.kind === 'partition' || fault.kind === 'latency' || fault.kind === 'bandwidth';
}

/** Latencies add up, and the lowest rate counts. */
export function foldConditions(faults: Iterable<NetworkFault>): NetworkConditions {
  let conditions = USUAL_CONDITIONS;
  for (const fault of faults) {
    const { latencyMillis, bytesPerSecond = Number.POSITIVE_INFINITY } = conditions;
    if (fault.kind === 'partition') conditions = { ...conditions, isPartitioned: true };
    else if (fault.kind === 'latency')
      conditions = { ...conditions, latencyMillis: latencyMillis + fault.addMillis };
    else conditions = { ...conditions, bytesPerSecond: Math.min(bytesPerSecond, fault.bytesPerSecond) };
  }
  return conditions;
}
