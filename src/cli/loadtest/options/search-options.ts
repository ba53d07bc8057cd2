// The flags of a capacity search: those of a load plan, and its own.
import {
  DEFAULT_FROM,
  DEFAULT_STEP_MILLIS,
  DEFAULT_STEP_WARMUP_MILLIS,
  MOST_EVENTS_PER_SECOND,
} from '../../../load/find/find-defaults.ts';
import type { Varied } from '../../../load/find/find-result.ts';
import { parsed, unparsed } from '../../../units/parsed.ts';
import { parsePerSecond } from '../../../units/rate.ts';
import type { OptionValues } from '../../options/command-line.ts';
import { choice, duration, single } from '../../options/option.ts';
import { PLAN_OPTIONS } from './plan-options.ts';

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
