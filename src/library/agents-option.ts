// Clients on other machines, as an option of the library.
import { findUnsuited, type RunWithAgents } from '../agents/coordinator/find-unsuited.ts';
import { connectMachines, type Machines, type WantedMachines } from '../agents/coordinator/machines.ts';
import { DEFAULT_POOL } from '../agents/messages/messages.ts';
import { readNatsAccess } from '../agents/nats/nats-access.ts';
import { KitError } from '../kit/kit-error.ts';
import { kitVersion } from '../kit/kit-version.ts';
import {
  findBadValue,
  NON_EMPTY_TEXT,
  type OptionRule,
  type OptionRules,
  oneOf,
  wholeNumber,
} from '../kit/option-rules.ts';
import { PUBLISHERS, type PublishFrom } from '../kit/publish-from.ts';
import { createSecrets } from '../kit/secrets.ts';
import type { PlanWords } from '../load/plan/create-plan.ts';
import { systemClock } from '../time/clock.ts';

/** Machines that run the clients, each with `norn-loadtest agent`. `workers` is then the number of processes on each. */
export interface AgentsOptions {
  /**
   * NATS server over which they are found: `nats://HOST[:PORT]`, or `tls://`. A login stands before the host, as in any URL. Needs the
   * package `@nats-io/transport-node`.
   */
  readonly nats: string;
  /** How many, 1 to 1,000. */
  readonly count: number;
  /** Which agents belong together. Default `default`. */
  readonly pool?: string | undefined;
  /**
   * Who publishes in the measured time: the coordinator, or the agents in turn, each a second, so that clients beside the publisher have
   * latencies of one clock. Default: the agents, where they have clocks of their own, are near, and can: one hub over HTTP, no faults.
   */
  readonly publishFrom?: PublishFrom | undefined;
  /** File with the NATS credentials of this program. */
  readonly creds?: string | undefined;
  /** File with a certificate to trust for NATS (PEM), with a certificate of this program, and with its private key. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

const FIELDS: OptionRules<AgentsOptions> = {
  nats: NON_EMPTY_TEXT,
  count: wholeNumber(1, 1_000),
  pool: NON_EMPTY_TEXT,
  publishFrom: oneOf(PUBLISHERS),
  creds: NON_EMPTY_TEXT,
  ca: NON_EMPTY_TEXT,
  cert: NON_EMPTY_TEXT,
  key: NON_EMPTY_TEXT,
};

export const AGENTS_RULE: OptionRule = {
  expected: `an object with nats and count, and perhaps ${Object.keys(FIELDS).slice(2).join(', ')}`,
  accepts: (value) =>
    typeof value === 'object' &&
    value !== null &&
    ['nats', 'count'].every((name) => name in value) &&
    Object.keys(value).every((name) => Object.hasOwn(FIELDS, name)),
};

/** Undefined without agents. Throws KitError `BAD_OPTION`. */
export function readAgents(
  agents: AgentsOptions | undefined,
  workers: PlanWords['workers'],
  run: Omit<RunWithAgents, 'publishFrom'>,
): WantedMachines | undefined {
  if (agents === undefined) return undefined;
  const bad = findBadValue(agents, FIELDS);
  if (bad) throw new KitError('BAD_OPTION', `agents.${bad.option}: ${bad.problem}`);
  const { nats, count, pool = DEFAULT_POOL, publishFrom, ...files } = agents;
  const access = readNatsAccess({ url: nats, ...files });
  if (!access.ok)
    throw new KitError(
      'BAD_OPTION',
      `agents.${access.option === 'url' ? 'nats' : access.option}: ${access.problem}`,
    );
  const unsuited = findUnsuited({ ...run, publishFrom }, 'agents');
  if (unsuited) {
    const option = unsuited.option === 'publishFrom' ? 'agents.publishFrom' : unsuited.option;
    throw new KitError('BAD_OPTION', `${option}: ${unsuited.problem}`);
  }
  return {
    ...{ access: access.value, count, pool, publishFrom },
    workers: typeof workers === 'number' ? workers : undefined,
  };
}

/** Calls `work` with the machines, where any are wanted. Throws KitError `AGENTS_FAILED`, without the login. */
export async function withMachines<T>(
  wanted: WantedMachines | undefined,
  work: (machines: Machines | undefined, fail: (problem: string) => never) => Promise<T>,
): Promise<T> {
  const { add, redact } = createSecrets();
  for (const secret of [wanted?.access.password, wanted?.access.token]) if (secret) add(secret);
  const fail = (problem: string): never => {
    throw new KitError('AGENTS_FAILED', `agents: ${redact(problem)}`);
  };
  if (wanted === undefined) return work(undefined, fail);
  const machines = await connectMachines(wanted, { clock: systemClock, kit: kitVersion(), say: () => {} });
  if (!machines.ok) return fail(machines.problem);
  try {
    return await work(machines.value, fail);
  } finally {
    await machines.value.close();
  }
}
