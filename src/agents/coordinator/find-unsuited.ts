// What a run can do on one machine only, found before anything starts.
import { forwardedHubs } from '../../faults/network/networks.ts';
import type { PublishFrom } from '../../kit/publish-from.ts';
import type { LoadPlan } from '../../load/plan/plan.ts';

export interface Unsuited {
  readonly option: 'abortOnBreachMillis' | 'faults' | 'localAddresses' | 'publishFrom';
  readonly problem: string;
}

export interface RunWithAgents {
  readonly plan: LoadPlan;
  readonly hubs: number;
  readonly abortOnBreachMillis?: number | undefined;
  readonly publishFrom?: PublishFrom | undefined;
}

/** `agents` is how the caller writes the option that names them. */
export function findUnsuited(
  { plan, hubs, abortOnBreachMillis, publishFrom }: RunWithAgents,
  agents: string,
): Unsuited | undefined {
  if (abortOnBreachMillis !== undefined)
    return { option: 'abortOnBreachMillis', problem: `cannot be used with ${agents}; leave it out` };
  if (forwardedHubs(plan.faults, hubs).length > 0)
    return {
      option: 'faults',
      problem: `faults of the network pass clients through a process of this machine, and cannot be used with ${agents}`,
    };
  if (publishFrom === 'agents' && plan.faults.length > 0)
    return {
      option: 'publishFrom',
      problem: 'agents cannot publish in a run with faults; let the coordinator publish',
    };
  if (plan.localAddresses.length > 0)
    return {
      option: 'localAddresses',
      problem: 'names addresses of this machine, and the clients are on others',
    };
  return undefined;
}
