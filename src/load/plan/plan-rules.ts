// What each word of a plan may be. The flags of norn-loadtest are parsed with the same limits or narrower ones.
import {
  AT_LEAST_ONE_TEXT,
  NON_EMPTY_TEXT,
  numberAboveZero,
  numberFrom,
  type OptionRules,
  oneOf,
  TEXTS,
  TRUE_OR_FALSE,
  wholeNumber,
} from '../../kit/option-rules.ts';
import { READ_BACKENDS } from '../../kit/read-backends.ts';
import type { PlanWords } from './create-plan.ts';

export const DAY_MILLIS = 24 * 3_600_000;
const workers = wholeNumber(1, 256);

export const PLAN_RULES: OptionRules<PlanWords> = {
  clients: wholeNumber(1, 1_000_000),
  cohorts: TEXTS,
  scenarios: AT_LEAST_ONE_TEXT,
  speed: numberAboveZero(1_000_000),
  ratePerSecond: numberAboveZero(1_000_000_000),
  rateStages: NON_EMPTY_TEXT,
  stages: TEXTS,
  durationMillis: numberAboveZero(DAY_MILLIS),
  warmupMillis: numberFrom(0, DAY_MILLIS),
  rampPerSecond: numberAboveZero(1_000_000_000),
  thresholds: TEXTS,
  workers: {
    expected: `'auto' or ${workers.expected}`,
    accepts: (value) => value === 'auto' || workers.accepts(value),
  },
  httpLoadConnections: wholeNumber(0, 10_000),
  compression: TRUE_OR_FALSE,
  readBackend: oneOf(READ_BACKENDS),
  localAddresses: TEXTS,
  clientBufferMessages: wholeNumber(1, 65_536),
  faults: TEXTS,
  reconnect: TEXTS,
  allowExec: TRUE_OR_FALSE,
  seed: wholeNumber(0, 2 ** 31 - 1),
};
