// The description of a run that a live view shows before anything is measured.
import { cohortsAtMost, type LoadPlan } from '../../load/plan/plan.ts';
import { planPhases } from '../../load/plan/planned-phases.ts';
import type { LivePlan } from '../../report/live/live-run.ts';
import { workerWords } from '../../report/plan-words.ts';
import { hubsOf } from '../../target/replicas/joined-targets.ts';
import type { Target } from '../../target/target.ts';

/** `what` precedes the hub, such as the step of a search. */
export function livePlan(plan: LoadPlan, target: Target, what = '', agents?: readonly string[]): LivePlan {
  return {
    // Reports say why there are so many workers. The address may come from the hub's output: nothing in it may move the cursor.
    title: `${what}${hubsOf(target)
      .map(({ url }) => url)
      .join(
        ' ',
      )} (${target.adapter}${target.tls?.isInsecure ? ', certificate not checked' : ''})${workerWords({ workers: plan.workers })}`.replaceAll(
      /\p{Cc}/gu,
      '?',
    ),
    phases: planPhases(plan, { canBroadcast: target.abilities.broadcast, hasAgents: agents !== undefined }),
    cohorts: cohortsAtMost(plan),
    ...(agents && { agents }),
  };
}
