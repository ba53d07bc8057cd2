// norn-loadtest find as a function.

import { KitError } from '../kit/kit-error.ts';
import { kitVersion } from '../kit/kit-version.ts';
import {
  ABORT_SIGNAL,
  CALLABLE,
  numberAboveZero,
  numberFrom,
  type OptionRules,
  oneOf,
  requireOptions,
  wholeNumber,
} from '../kit/option-rules.ts';
import { DEFAULT_BUDGET_MILLIS } from '../load/find/find-defaults.ts';
import type { FindResult, FindStep } from '../load/find/find-result.ts';
import { planSearch, type SearchWords } from '../load/find/plan-search.ts';
import { searchHub } from '../load/find/search-hub.ts';
import { PLAN_RULES } from '../load/plan/plan-rules.ts';
import type { Target } from '../target/target.ts';
import type { TargetChoice } from '../target/target-flags.ts';
import { systemClock } from '../time/clock.ts';
import { AGENTS_RULE, type AgentsOptions, readAgents, withMachines } from './agents-option.ts';
import { HUB_UNDER_TEST_RULES, type HubUnderTest, withHub } from './hub-under-test.ts';

export interface CapacityOptions extends HubUnderTest, SearchWords {
  /** Clients on other machines, which are claimed for each step. Default: in worker processes of this one. */
  readonly agents?: AgentsOptions | undefined;
  /** Time for the whole search, in milliseconds. Default 540,000 (nine minutes). */
  readonly budgetMillis?: number | undefined;
  /** Aborted: the call resolves soon, with the answer from the steps so far, marked `partial`. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each step. */
  readonly onStep?: ((step: FindStep) => void) | undefined;
}

const CAPACITY_RULES: OptionRules<CapacityOptions> = {
  ...HUB_UNDER_TEST_RULES,
  ...PLAN_RULES,
  vary: oneOf(['rate', 'clients']),
  from: wholeNumber(1, 1_000_000_000),
  to: wholeNumber(1, 1_000_000_000),
  precisionShare: numberFrom(0.03, 1),
  budgetMillis: numberAboveZero(24 * 3_600_000),
  agents: AGENTS_RULE,
  signal: ABORT_SIGNAL,
  onStep: CALLABLE,
};

/**
 * Searches the largest event rate (events per second), or number of clients, at which the thresholds pass.
 * Each level is a load test of its own.
 *
 * @returns The content of `find.json`: the answer with its interval, and every step.
 * @throws {KitError} `BAD_OPTION` before anything starts; `TARGET_FAILED` when the hub cannot be reached, started or
 * made to broadcast; `AGENTS_FAILED` when the agents cannot be had for the first step.
 * @example
 * const { verdict, answer } = await findCapacity({ url, clients: 500, budgetMillis: 180_000 });
 * if (answer.kind === 'capacity') console.log(`${answer.low} to ${answer.high} events per second`);
 */
export async function findCapacity(options: CapacityOptions = {}): Promise<FindResult> {
  requireOptions(options, CAPACITY_RULES);
  const { url, pid, spawn } = options;
  const hub = { url, pid, isStarted: spawn !== undefined || url === undefined };
  const hasAgents = options.agents !== undefined;
  const plan = await planSearch(options, hub, (option) => option, { hasAgents });
  if (!plan.ok) throw new KitError('BAD_OPTION', plan.problem);
  const { planAt, search, base } = plan.value;
  const wanted = readAgents(options.agents, options.workers, { plan: base, hubs: 1 });
  const { clientBufferMessages, compression } = options;
  const reference = { clientBufferMessages, compression };
  const find = async (target: Target, choice: TargetChoice) => {
    if (!target.abilities.broadcast)
      throw new KitError(
        'TARGET_FAILED',
        `a search must make the hub broadcast: ${target.abilities.missing.broadcast}`,
      );
    return withMachines(wanted, async (machines, fail) => {
      const { result, cannotRun } = await searchHub({
        plan: plan.value,
        runLoad: machines?.run,
        choice,
        target,
        budgetMillis: options.budgetMillis ?? DEFAULT_BUDGET_MILLIS,
        interruption: options.signal ?? new AbortController().signal,
        kitVersion: kitVersion(),
        clock: systemClock,
        onProgress: () => {},
        onStep(steps) {
          const step = steps.at(-1);
          if (step) options.onStep?.(step);
        },
      });
      return cannotRun === undefined ? result : fail(cannotRun);
    });
  };
  return withHub(options, reference, find, planAt(search.most).cohorts);
}
