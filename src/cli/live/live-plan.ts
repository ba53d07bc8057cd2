// What a live view says of a run before anything is measured.
import type { LoadPlan } from '../../load/plan.ts';
import { planPhases } from '../../load/planned-phases.ts';
import type { LivePlan } from '../../report/live/live-run.ts';
import type { Target } from '../../target/target.ts';

export function livePlan(plan: LoadPlan, target: Target): LivePlan {
  return {
    title: `${target.url} (${target.adapter})`,
    phases: planPhases(plan, target.abilities.broadcast),
    cohorts: plan.cohorts.map(({ name, clients }) => ({ name, clients })),
  };
}
