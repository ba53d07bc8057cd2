// From --agents to the machines that are wanted: what goes together is checked before anything starts.
import { findUnsuited } from '../../../agents/coordinator/find-unsuited.ts';
import { connectMachines, type Machines, type WantedMachines } from '../../../agents/coordinator/machines.ts';
import { DEFAULT_POOL } from '../../../agents/messages/messages.ts';
import { kitVersion } from '../../../kit/kit-version.ts';
import type { LoadPlan } from '../../../load/plan/plan.ts';
import { systemClock } from '../../../time/clock.ts';
import type { OptionValues } from '../../options/command-line.ts';
import { UsageError } from '../../options/usage-error.ts';
import type { PLAN_OPTIONS } from '../options/plan-options.ts';
import { mustReadAccess } from './must-read-access.ts';
import { type AGENTS_OF_RUNS_OPTIONS, AGENTS_OPTIONS } from './nats-options.ts';

type Values = OptionValues<typeof AGENTS_OF_RUNS_OPTIONS> &
  Pick<OptionValues<typeof PLAN_OPTIONS>, 'workers'> &
  Partial<OptionValues<Pick<typeof AGENTS_OPTIONS, 'lost-agent'>>> & {
    readonly 'abort-on-breach'?: number | undefined;
  };

const FLAG_OF = {
  abortOnBreachMillis: '--abort-on-breach',
  faults: '--fault',
  localAddresses: '--local-address',
  publishFrom: '--publish-from',
} as const;

/** Undefined for a run on this machine alone. Throws UsageError, naming the flag. */
export function mustWantMachines(values: Values, plan: LoadPlan, hubs: number): WantedMachines | undefined {
  const { agents: count, nats: url, workers } = values;
  if (count === undefined) {
    const idle = Object.keys(AGENTS_OPTIONS).find((name) => values[name as keyof typeof AGENTS_OPTIONS]);
    if (idle !== undefined) throw new UsageError(`--${idle}: has no effect without --agents N`);
    return undefined;
  }
  if (url === undefined)
    throw new UsageError('--agents: needs --nats URL, the NATS server at which the agents are');
  const publishFrom = values['publish-from'];
  const run = { plan, hubs, publishFrom, abortOnBreachMillis: values['abort-on-breach'] };
  const unsuited = findUnsuited(run, '--agents');
  if (unsuited !== undefined) throw new UsageError(`${FLAG_OF[unsuited.option]}: ${unsuited.problem}`);
  return {
    access: mustReadAccess(url, values),
    count,
    pool: values.pool ?? DEFAULT_POOL,
    lostAgent: values['lost-agent'],
    publishFrom,
    workers: typeof workers === 'number' ? workers : undefined,
  };
}

/** Calls `work` with the machines, where any are wanted. A NATS server that cannot be used is reported, and is undefined. */
export async function withMachines<T>(
  wanted: WantedMachines | undefined,
  program: string,
  say: (line: string) => void,
  work: (machines: Machines | undefined) => Promise<T>,
): Promise<T | undefined> {
  if (wanted === undefined) return work(undefined);
  const machines = await connectMachines(wanted, {
    ...{ clock: systemClock, kit: kitVersion() },
    say: (line) => say(`${program}: ${line}`),
  });
  if (!machines.ok) {
    console.error(`${program}: --agents: ${machines.problem}`);
    return undefined;
  }
  try {
    return await work(machines.value);
  } finally {
    await machines.value.close();
  }
}
