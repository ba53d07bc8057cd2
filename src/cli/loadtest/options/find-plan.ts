// From the flags of a capacity search to the search. Every mistake is one line.
import { type FindPlan, planSearch } from '../../../load/find/plan-search.ts';
import type { HubAhead } from '../../../load/machine/preflight.ts';
import { UsageError } from '../../options/usage-error.ts';
import { FLAG_OF, planWords, refuseRateWithSpeed } from './load-plan.ts';
import type { SearchValues } from './search-options.ts';

export async function createFindPlan(
  values: SearchValues,
  hub: HubAhead,
  hasAgents = false,
): Promise<FindPlan> {
  refuseRateWithSpeed(values);
  const words = {
    ...planWords(values),
    vary: values.vary,
    from: values.from,
    to: values.to,
    precisionShare: values.precision,
  };
  const plan = await planSearch(words, hub, (option) => FLAG_OF_SEARCH[option], { hasAgents });
  if (!plan.ok) throw new UsageError(plan.problem);
  return plan.value;
}

const FLAG_OF_SEARCH = {
  ...FLAG_OF,
  vary: '--vary',
  from: '--from',
  to: '--to',
  precisionShare: '--precision',
} as const;
