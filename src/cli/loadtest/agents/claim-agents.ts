// From --agents to the machines of a run: checks what goes together before anything starts, then finds and claims agents.
import { hostname } from 'node:os';
import { findAgents } from '../../../agents/coordinator/find-agents.ts';
import { findAgentMisfit } from '../../../agents/coordinator/find-misfit.ts';
import { type OpenFleet, openFleet } from '../../../agents/coordinator/open-fleet.ts';
import { connectNats } from '../../../agents/nats/connect-nats.ts';
import type { NatsAccess } from '../../../agents/nats/nats-access.ts';
import { forwardedHubs } from '../../../faults/network/networks.ts';
import { kitVersion } from '../../../kit/kit-version.ts';
import type { LostAgentPolicy } from '../../../kit/lost-agent.ts';
import { countClients, type LoadPlan } from '../../../load/plan/plan.ts';
import { isLoopbackUrl } from '../../../target/refuse-non-loopback.ts';
import { systemClock } from '../../../time/clock.ts';
import { type Parsed, parsed } from '../../../units/parsed.ts';
import { isUnixUrl } from '../../../wire/address/unix-url.ts';
import type { OptionValues } from '../../options/command-line.ts';
import { UsageError } from '../../options/usage-error.ts';
import type { PLAN_OPTIONS } from '../options/plan-options.ts';
import { mustReadAccess } from './must-read-access.ts';
import { AGENTS_OPTIONS, DEFAULT_POOL } from './nats-options.ts';

export interface WantedMachines {
  readonly access: NatsAccess;
  readonly count: number;
  readonly pool: string;
  readonly lostAgent: LostAgentPolicy | undefined;
  /** Worker processes of each; undefined: a core is left to everything else. */
  readonly workers: number | undefined;
}

type Values = OptionValues<typeof AGENTS_OPTIONS> &
  Pick<OptionValues<typeof PLAN_OPTIONS>, 'workers'> & { readonly 'abort-on-breach'?: number | undefined };

/** Undefined for a run on this machine alone. Throws UsageError, naming the flag. */
export function mustWantMachines(values: Values, plan: LoadPlan, hubs: number): WantedMachines | undefined {
  const { agents: count, nats: url } = values;
  if (count === undefined) {
    const idle = Object.keys(AGENTS_OPTIONS).find((name) => values[name as keyof typeof AGENTS_OPTIONS]);
    if (idle !== undefined) throw new UsageError(`--${idle}: has no effect without --agents N`);
    return undefined;
  }
  if (url === undefined)
    throw new UsageError('--agents: needs --nats URL, the NATS server at which the agents are');
  if (values['abort-on-breach'] !== undefined)
    throw new UsageError('--abort-on-breach: cannot be used with --agents; leave it out');
  if (forwardedHubs(plan.faults, hubs).length > 0)
    throw new UsageError(
      '--fault: faults of the network pass clients through a process of this machine, and cannot be used with --agents',
    );
  if (plan.localAddresses.length > 0)
    throw new UsageError('--local-address: names addresses of this machine, and the clients are on others');
  return {
    access: mustReadAccess(url, values),
    count,
    pool: values.pool ?? DEFAULT_POOL,
    lostAgent: values['lost-agent'],
    workers: typeof values.workers === 'number' ? values.workers : undefined,
  };
}

export interface ClaimedMachines {
  /** With the workers of all machines. */
  readonly plan: LoadPlan;
  readonly fleet: OpenFleet;
  /** Frees the agents. */
  close(because: string): Promise<void>;
}

export async function claimMachines(
  wanted: WantedMachines,
  plan: LoadPlan,
  hubUrls: readonly string[],
  { interruption, say }: { readonly interruption: AbortSignal; readonly say: (line: string) => void },
): Promise<Parsed<ClaimedMachines>> {
  const connected = await connectNats(wanted.access, 'norn-loadtest coordinator', systemClock);
  if (!connected.ok) return connected;
  const bus = connected.value;
  const parts = { bus, clock: systemClock, kit: kitVersion(), interruption };
  const claim = async (): Promise<Parsed<ClaimedMachines>> => {
    const found = await findAgents({ ...wanted, kit: parts.kit }, parts);
    if (!found.ok) return found;
    const workersOf = ({ cores }: { readonly cores: number }) => wanted.workers ?? Math.max(1, cores - 1);
    const problem = findAgentMisfit(found.value, {
      ...{ clients: countClients(plan.cohorts), host: hostname(), workersOf },
      loopbackUrl: hubUrls.find((url) => isUnixUrl(url) || isLoopbackUrl(url)),
    });
    if (problem !== undefined) return { ok: false, problem };
    const claimed = found.value.map((announcement) => ({ announcement, workers: workersOf(announcement) }));
    const fleet = await openFleet(claimed, parts);
    if (!fleet.ok) return fleet;
    say(`clients run on ${claimed.map(({ announcement }) => announcement.name).join(', ')}`);
    const workers = claimed.reduce((sum, one) => sum + one.workers, 0);
    return parsed({
      plan: { ...plan, workers, workersReason: undefined },
      fleet: fleet.value,
      async close(because: string) {
        fleet.value.close(because);
        await bus.close();
      },
    });
  };
  const machines = await claim();
  if (!machines.ok) await bus.close();
  return machines;
}
