// A capacity search on a started hub, from the first step to `find.json`. A hub that an overload ended is started again,
// or waited for, so that the search can go on below.

import { startChosenTarget } from '../../target/choose-target.ts';
import type { Target } from '../../target/target.ts';
import type { TargetChoice } from '../../target/target-flags.ts';
import { reportTarget } from '../../target/tls/reported-target.ts';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import type { ProgressView } from '../coordinator/run-options.ts';
import { type RunLoad, runLoadHere } from '../coordinator/workers/run-load.ts';
import type { LoadPlan } from '../plan/plan.ts';
import type { FindResult } from './find-result.ts';
import { foldFind } from './fold-find.ts';
import { readMachineWork } from './other-work.ts';
import type { FindPlan } from './plan-search.ts';
import { type FindOptions, runFind } from './run-find.ts';

const REVIVE_ATTEMPTS = 10;

export interface HubSearch {
  readonly plan: FindPlan;
  /** How the hub is started again. */
  readonly choice: TargetChoice;
  /** The hub as it is now; closed by its caller, as are those that replace it here. */
  readonly target: Target;
  readonly budgetMillis: number;
  readonly interruption: AbortSignal;
  readonly kitVersion: string;
  readonly clock: Clock;
  /** Default: on this machine. */
  readonly runLoad?: RunLoad | undefined;
  readonly onStepBegin?: (plan: LoadPlan, target: Target) => void;
  readonly onProgress: (view: ProgressView) => void;
  readonly onStepEnd?: () => void;
  readonly onStep: FindOptions['onStep'];
}

export interface HubSearchOutcome {
  readonly result: FindResult;
  /** True when the hub is away and does not come back. */
  readonly hasTargetFailed: boolean;
  /** Why not even the first step could be run; undefined when it was. */
  readonly cannotRun?: string | undefined;
}

export async function searchHub(search: HubSearch): Promise<HubSearchOutcome> {
  const { plan, target, budgetMillis, interruption, kitVersion, clock, runLoad = runLoadHere } = search;
  const hub = createRevivable(search);
  const [startedAtWallMillis, startMicros] = [clock.wallMillis(), clock.nowMicros()];
  try {
    const outcome = await runFind({
      search: plan.search,
      planAt: plan.planAt,
      async runStep(stepPlan, signal) {
        search.onStepBegin?.(stepPlan, hub.target());
        try {
          return await runLoad({
            target: hub.target(),
            plan: stepPlan,
            kitVersion,
            clock,
            interruption: signal,
            onProgress: search.onProgress,
          });
        } finally {
          search.onStepEnd?.();
        }
      },
      revive: hub.revive,
      budgetMillis,
      readMachineWork,
      clock,
      interruption,
      onStep: search.onStep,
    });
    const result = foldFind({
      outcome,
      plan: plan.base,
      vary: plan.vary,
      kitVersion,
      target: reportTarget(target),
      startedAtWallMillis,
      durationMillis: (clock.nowMicros() - startMicros) / 1e3,
      budgetMillis,
    });
    return { result, hasTargetFailed: outcome.hasTargetFailed, cannotRun: outcome.cannotRun };
  } finally {
    await hub.close();
  }
}

function createRevivable({ target: first, choice, plan, interruption, clock }: HubSearch) {
  let current = first;
  return {
    target: () => current,
    async revive(): Promise<boolean> {
      await current.close();
      for (let attempt = 0; attempt < REVIVE_ATTEMPTS && !interruption.aborted; attempt++) {
        await pause(clock, 1_000, interruption);
        const { clientBufferMessages, compression } = plan.base;
        const start = await startChosenTarget(choice, { clientBufferMessages, compression });
        if (!start.ok) continue;
        current = start.target;
        void current.died.catch(() => {});
        return true;
      }
      return false;
    },
    close: () => current.close(),
  };
}
