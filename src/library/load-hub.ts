// norn-loadtest as a function, for test suites written in JavaScript.

import { findMisfit } from '../faults/find-misfit.ts';
import { forwardedHubs } from '../faults/network/networks.ts';
import { KitError } from '../kit/kit-error.ts';
import { kitVersion } from '../kit/kit-version.ts';
import { LOST_AGENT_POLICIES, type LostAgentPolicy } from '../kit/lost-agent.ts';
import {
  ABORT_SIGNAL,
  CALLABLE,
  numberFrom,
  type OptionRules,
  oneOf,
  requireOptions,
} from '../kit/option-rules.ts';
import type { ProgressView } from '../load/coordinator/run-options.ts';
import { runLoadHere } from '../load/coordinator/workers/run-load.ts';
import { findObstacle } from '../load/machine/preflight.ts';
import { createPlan, type PlanWords } from '../load/plan/create-plan.ts';
import { cohortsAtMost, countClients, type LoadPlan } from '../load/plan/plan.ts';
import { DAY_MILLIS, PLAN_RULES } from '../load/plan/plan-rules.ts';

import type { LoadtestResult } from '../load/result/result.ts';
import { setupProblemOf } from '../load/result/setup-problem.ts';
import { LIBRARY_NAMES } from '../target/option-names.ts';
import type { Target } from '../target/target.ts';
import { systemClock } from '../time/clock.ts';
import { AGENTS_RULE, type AgentsOptions, readAgents, withMachines } from './agents-option.ts';
import { HUBS_UNDER_TEST_RULES, type HubsUnderTest, withHub } from './hub-under-test.ts';

export interface LoadOptions extends HubsUnderTest, PlanWords {
  /** Clients on other machines. Default: in worker processes of this one. */
  readonly agents?: AgentsOptions | undefined;
  /** Whether the run ends once an agent is lost, or goes on with the others; either way it does not pass. Default `end`. */
  readonly lostAgent?: LostAgentPolicy | undefined;
  /** Aborted: the call resolves soon, with what was measured, marked `partial`. */
  readonly signal?: AbortSignal;
  /** Called about twenty times a second with what can be seen so far. */
  readonly onProgress?: (view: ProgressView) => void;
  /** A threshold that can no longer hold ends the run as failed, from so long after the start of the measured time. Default: none does. */
  readonly abortOnBreachMillis?: number;
}

const LOAD_RULES: OptionRules<LoadOptions> = {
  ...HUBS_UNDER_TEST_RULES,
  ...PLAN_RULES,
  agents: AGENTS_RULE,
  lostAgent: oneOf(LOST_AGENT_POLICIES),
  signal: ABORT_SIGNAL,
  onProgress: CALLABLE,
  abortOnBreachMillis: numberFrom(0, DAY_MILLIS),
};

/**
 * Loads a hub with fast and slow clients, in worker processes of this machine or of agents, and judges it.
 *
 * @returns The content of `loadtest.json`; latencies are in microseconds.
 * @throws {KitError} `BAD_OPTION` before anything starts; `TARGET_FAILED` when the hub cannot be reached or started,
 * or its broadcast route refuses every event; `AGENTS_FAILED` when the agents cannot be had.
 * @example
 * const { verdict, findings } = await loadHub({ url, clients: 500, cohorts: ['asleep=20:stall(after=10)'] });
 */
export async function loadHub(options: LoadOptions = {}): Promise<LoadtestResult> {
  requireOptions(options, LOAD_RULES);
  const { url, replicas = [], spawnReplicas = [] } = options;
  const hubs = Array.from(
    { length: 1 + Math.max(replicas.length, spawnReplicas.length) },
    (_, at) => [url, ...replicas][at],
  );
  const plan = createPlan(options, hubs);
  if (!plan.ok) throw new KitError('BAD_OPTION', `${plan.field}: ${plan.problem}`);
  const { abortOnBreachMillis, lostAgent } = options;
  if (lostAgent !== undefined && options.agents === undefined)
    throw new KitError('BAD_OPTION', 'lostAgent: has no effect without agents');
  const wanted = readAgents(options.agents, options.workers, {
    ...{ plan: plan.value, hubs: hubs.length, abortOnBreachMillis },
  });
  if (wanted === undefined) await mustHaveRoom(plan.value, options, hubs);
  const { clientBufferMessages, compression } = options;
  const reference = { clientBufferMessages, compression };
  const run = (target: Target) =>
    withMachines(wanted, async (machines, fail) => {
      const misfit = findMisfit(plan.value.faults, target, LIBRARY_NAMES);
      if (misfit !== undefined) throw new KitError('TARGET_FAILED', `faults: ${misfit}`);
      const runLoad = machines?.run ?? runLoadHere;
      const result = await runLoad({
        target,
        plan: plan.value,
        kitVersion: kitVersion(),
        clock: systemClock,
        interruption: options.signal ?? new AbortController().signal,
        onProgress: options.onProgress ?? (() => {}),
        abortAfterMillis: abortOnBreachMillis,
        lostAgent,
      });
      return result.ok ? result.value : fail(result.problem);
    });
  const result = await withHub(options, reference, run, cohortsAtMost(plan.value));
  const setupProblem = setupProblemOf(result);
  if (setupProblem !== undefined) throw new KitError('TARGET_FAILED', setupProblem);
  return result;
}

async function mustHaveRoom(
  plan: LoadPlan,
  options: LoadOptions,
  urls: readonly (string | undefined)[],
): Promise<void> {
  const isStarted = options.spawn !== undefined || options.url === undefined;
  const obstacle = await findObstacle({
    ...plan,
    clients: countClients(plan.cohorts),
    hubs: urls.map((url) => ({ url, pid: options.pid, isStarted })),
    forwardedHubs: forwardedHubs(plan.faults, urls.length),
  });
  if (obstacle !== undefined) throw new KitError('BAD_OPTION', `${obstacle.field}: ${obstacle.problem}`);
}
