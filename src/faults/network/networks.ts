// The forwarders of a run: one for each hub whose network is disturbed in it.

import type { MeasuredHealth } from '../../kit/process-health.ts';
import { hubsOf } from '../../target/replicas/joined-targets.ts';
import type { Target } from '../../target/target.ts';
import type { Clock } from '../../time/clock.ts';
import { hubsOfFault } from '../find-misfit.ts';
import type { Fault } from '../language/fault.ts';
import { isNetworkFault } from './conditions.ts';
import { type HubNetwork, startForwarder } from './start-forwarder.ts';

const FORWARDER_NAME = 'the forwarder of norn-loadtest';

/** The hubs, from 0, that clients reach through a forwarder. */
export function forwardedHubs(faults: readonly Fault[], hubs: number): readonly number[] {
  const forwarded = new Set(faults.filter(isNetworkFault).flatMap((fault) => hubsOfFault(fault, hubs)));
  return [...forwarded].sort((a, b) => a - b);
}

export interface Networks {
  /** Undefined for a hub without a forwarder. */
  of(hub: number): HubNetwork | undefined;
  /** Their health counts from now on. */
  measure(): void;
  health(): Promise<readonly MeasuredHealth[]>;
  /** Resolves with a sentence when one ends by itself. */
  readonly died: Promise<string>;
  close(): void;
}

export async function startNetworks(
  faults: readonly Fault[],
  target: Target,
  clock: Clock,
): Promise<Networks> {
  const hubs = hubsOf(target);
  const byHub = new Map<number, HubNetwork>();
  const close = () => {
    for (const network of byHub.values()) network.close();
  };
  try {
    for (const hub of forwardedHubs(faults, hubs.length))
      byHub.set(hub, await startForwarder((hubs[hub] as Target).url, clock));
  } catch (error) {
    close();
    throw error;
  }
  const all = [...byHub.values()];
  return {
    of: (hub) => byHub.get(hub),
    measure() {
      for (const network of all) network.measure();
    },
    health: async () =>
      (await Promise.all(all.map((network) => network.health()))).filter((one) => one !== undefined),
    died: Promise.race(all.map(({ died }) => died)),
    close,
  };
}

/** The hubs that are reached through a forwarder; returns what undoes it. */
export function nameForwarders(faults: readonly Fault[], target: Target): () => void {
  const hubs = hubsOf(target);
  const forwarded = forwardedHubs(faults, hubs.length).map((hub) => hubs[hub] as Target);
  return nameForwarder(forwarded.length === 0 ? [] : [...new Set([...forwarded, target])]);
}

/** What waits in a hub behind a forwarder cannot be counted, as behind any proxy. Returns what undoes it. */
export function nameForwarder(named: readonly Target[]): () => void {
  const before = named.map(({ proxy }) => proxy);
  for (const one of named)
    one.proxy = one.proxy === undefined ? FORWARDER_NAME : `${one.proxy} and ${FORWARDER_NAME}`;
  return () => {
    for (const [at, one] of named.entries()) one.proxy = before[at];
  };
}
