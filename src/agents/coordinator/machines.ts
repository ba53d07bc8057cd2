// The other machines of a coordinator: agents are found and claimed for each load test, and free again after it.
import { hostname } from 'node:os';
import type { LostAgentPolicy } from '../../kit/lost-agent.ts';
import type { PublishFrom } from '../../kit/publish-from.ts';
import { runLoadTest } from '../../load/coordinator/run.ts';
import type { RunLoad } from '../../load/coordinator/workers/run-load.ts';
import { readClockId } from '../../load/machine/clock-id.ts';
import { countClients, type LoadPlan, summarizePlan } from '../../load/plan/plan.ts';
import { isLoopbackUrl } from '../../target/refuse-non-loopback.ts';
import { hubsOf } from '../../target/replicas/joined-targets.ts';
import type { Target } from '../../target/target.ts';
import type { Clock } from '../../time/clock.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { isUnixUrl } from '../../wire/address/unix-url.ts';
import type { Announcement } from '../messages/messages.ts';
import type { Bus } from '../nats/bus.ts';
import { connectNats } from '../nats/connect-nats.ts';
import type { NatsAccess } from '../nats/nats-access.ts';
import { areNear, choosePublishers } from './choose-publishers.ts';
import { findAgents } from './find-agents.ts';
import { findAgentMisfit } from './find-misfit.ts';
import { type OpenFleet, openFleet } from './open-fleet.ts';

export interface WantedMachines {
  readonly access: NatsAccess;
  readonly count: number;
  readonly pool: string;
  /** Of a single run; one of several ends when an agent is lost. */
  readonly lostAgent?: LostAgentPolicy | undefined;
  /** Who publishes; default: agents where that gives latencies of one clock. */
  readonly publishFrom?: PublishFrom | undefined;
  /** Worker processes of each; undefined: a core is left to everything else. */
  readonly workers: number | undefined;
}

interface ClaimedMachines {
  /** With the workers of all machines. */
  readonly plan: LoadPlan;
  readonly fleet: OpenFleet;
  /** Frees the agents. */
  free(because: string): void;
}

export interface Machines {
  /** For one load test. Not ok: why they cannot be had, one sentence. */
  claim(plan: LoadPlan, target: Target, interruption: AbortSignal): Promise<Parsed<ClaimedMachines>>;
  /** Claims them, runs a load test whose clients are there, and frees them. */
  readonly run: RunLoad;
  close(): Promise<void>;
}

export interface MachinesParts {
  readonly clock: Clock;
  readonly kit: string;
  /** Gets a line when other agents than before are claimed. */
  readonly say: (line: string) => void;
}

/** Not ok: the NATS server cannot be used, one sentence. */
export async function connectMachines(
  wanted: WantedMachines,
  parts: MachinesParts,
): Promise<Parsed<Machines>> {
  const connected = await connectNats(wanted.access, 'norn-loadtest coordinator', parts.clock);
  return connected.ok ? parsed(machinesAt(connected.value, wanted, parts)) : connected;
}

function machinesAt(
  bus: Bus,
  wanted: Omit<WantedMachines, 'access'>,
  { clock, kit, say }: MachinesParts,
): Machines {
  const workersOf = ({ cores }: Announcement) => wanted.workers ?? Math.max(1, cores - 1);
  let saidLast = '';

  async function claim(
    plan: LoadPlan,
    target: Target,
    interruption: AbortSignal,
  ): Promise<Parsed<ClaimedMachines>> {
    const parts = { bus, clock, kit, clockId: readClockId(), interruption };
    const found = await findAgents({ ...wanted, kit }, parts);
    if (!found.ok) return found;
    const hubUrls = hubsOf(target).map(({ url }) => url);
    const problem = findAgentMisfit(found.value, {
      ...{ clients: countClients(plan.cohorts), host: hostname(), workersOf },
      loopbackUrl: hubUrls.find((url) => isUnixUrl(url) || isLoopbackUrl(url)),
    });
    if (problem !== undefined) return unparsed(problem);
    const publishers = choosePublishers(wanted.publishFrom, plan, {
      ...{ agents: found.value, target, host: hostname(), clockId: parts.clockId },
    });
    if (!publishers.ok) return publishers;
    const claimed = found.value.map((announcement) => ({ announcement, workers: workersOf(announcement) }));
    const workers = claimed.reduce((sum, one) => sum + one.workers, 0);
    const whole: LoadPlan = { ...plan, workers, workersReason: undefined };
    const fleet = await openFleet(claimed, {
      ...parts,
      publishFrom: publishers.value,
      plan: summarizePlan(whole),
    });
    if (!fleet.ok) return fleet;
    const line = `clients run on ${claimed.map(({ announcement }) => announcement.name).join(', ')}`;
    if (line !== saidLast) say(line);
    saidLast = line;
    const { agents } = fleet.value;
    const isCoordinatorBetter = wanted.publishFrom === undefined && !areNear(agents());
    return parsed({
      plan: whole,
      fleet: isCoordinatorBetter ? { ...fleet.value, seats: undefined } : fleet.value,
      free: fleet.value.close,
    });
  }

  return {
    claim,
    async run(options) {
      const machines = await claim(options.plan, options.target, options.interruption);
      if (!machines.ok) return machines;
      const { plan, fleet, free } = machines.value;
      try {
        return parsed(await runLoadTest({ ...options, plan, fleet }));
      } finally {
        free('the run is over');
      }
    },
    close: () => bus.close(),
  };
}
