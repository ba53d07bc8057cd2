// The flags of a capacity search, and the search that they ask for. Every mistake is one line.
import type { Varied } from '../../../load/find/find-result.ts';
import {
  DEFAULT_FROM,
  DEFAULT_STEP_MILLIS,
  DEFAULT_STEP_WARMUP_MILLIS,
  type FindPlan,
  MOST_EVENTS_PER_SECOND,
  planSearch,
} from '../../../load/find/plan-search.ts';
import { parsed, unparsed } from '../../../units/parsed.ts';
import { parsePerSecond } from '../../../units/rate.ts';
import type { OptionValues } from '../../options/command-line.ts';
import { choice, duration, single } from '../../options/option.ts';
import { UsageError } from '../../options/usage-error.ts';
import { FLAG_OF, PLAN_OPTIONS, planWords, refuseRateWithSpeed } from './load-plan.ts';

const group = 'Search:';

const level = (describe: string) =>
  single(describe, 'LEVEL', (text) => {
    const value = parsePerSecond(text);
    return value.ok && !(Number.isInteger(value.value) && value.value >= 1)
      ? unparsed<number>(`expected a whole number of at least 1, got "${text}"`)
      : value;
  });

export const SEARCH_OPTIONS = {
  vary: {
    ...choice<Varied>('Quantity to search: rate or clients [rate]', 'WHAT', ['rate', 'clients']),
    group,
  },
  from: {
    ...level(`First level [${DEFAULT_FROM.rate} events/s, ${DEFAULT_FROM.clients} clients]`),
    group,
  },
  to: { ...level(`Highest level [${MOST_EVENTS_PER_SECOND} events/s, or the clients that fit]`), group },
  budget: { ...duration('Time for the whole search [9m]', 1_000), group },
  precision: {
    ...single('Largest width of the final interval [12%]', 'SHARE', (text) => {
      const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
      const share = Number(match?.[1]) / 100;
      return share >= 0.03 && share <= 1
        ? parsed(share)
        : unparsed<number>(`expected 3% to 100%, got "${text}"`);
    }),
    group,
  },
  ...PLAN_OPTIONS,
  duration: {
    ...duration(`Measured time of each step [${DEFAULT_STEP_MILLIS / 1e3}s]`, 1_000),
    group: 'Load:',
  },
  warmup: {
    ...duration(`Warm-up before it, not measured [${DEFAULT_STEP_WARMUP_MILLIS}ms]`),
    group: 'Load:',
  },
} as const;

export type SearchValues = OptionValues<typeof SEARCH_OPTIONS>;

export async function createFindPlan(values: SearchValues, hubPid?: number): Promise<FindPlan> {
  refuseRateWithSpeed(values);
  const words = {
    ...planWords(values),
    vary: values.vary,
    from: values.from,
    to: values.to,
    precisionShare: values.precision,
  };
  const plan = await planSearch(words, hubPid, (option) => FLAG_OF_SEARCH[option]);
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
