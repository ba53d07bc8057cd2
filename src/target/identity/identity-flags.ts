// The options that say who the clients are: their names and what each may be.
import {
  NON_EMPTY_TEXT,
  type OptionRule,
  type OptionRules,
  TEXTS,
  TRUE_OR_FALSE,
  wholeNumber,
} from '../../kit/option-rules.ts';

/** Values may have placeholders: `{client}`, `{cohort}`, `{uuid}`, `{env:NAME}`, and the columns of `clientData`. */
export interface CohortIdentityFlags {
  /** Headers of every opening handshake, each `Name: value`. */
  readonly clientHeader?: readonly string[] | undefined;
  /** The Origin that clients send. Default: none. */
  readonly origin?: string | undefined;
  /** Subprotocols that clients offer, in this order. */
  readonly subprotocol?: readonly string[] | undefined;
  /** A CSV file with a header row, or NDJSON: one row for each client. */
  readonly clientData?: string | undefined;
  /** More clients than rows begin again with the first row. */
  readonly clientDataReuse?: boolean | undefined;
}

export interface IdentityFlags extends CohortIdentityFlags {
  /** What a cohort has instead of these, by its name. */
  readonly cohortClient?: Readonly<Record<string, CohortIdentityFlags>> | undefined;
  /** Of `{uuid}`; default 1. */
  readonly seed?: number | undefined;
}

export type IdentityFlagNames = Readonly<Record<keyof IdentityFlags, string>>;

export const IDENTITY_FLAG_NAMES: IdentityFlagNames = {
  clientHeader: '--client-header',
  origin: '--origin',
  subprotocol: '--subprotocol',
  clientData: '--client-data',
  clientDataReuse: '--client-data-reuse',
  cohortClient: 'cohort-client',
  seed: '--seed',
};

/** The same names as options of the library. */
export const IDENTITY_OPTION_NAMES: IdentityFlagNames = {
  clientHeader: 'clientHeader',
  origin: 'origin',
  subprotocol: 'subprotocol',
  clientData: 'clientData',
  clientDataReuse: 'clientDataReuse',
  cohortClient: 'cohortClient',
  seed: 'seed',
};

export const COHORT_RULES: OptionRules<CohortIdentityFlags> = {
  clientHeader: TEXTS,
  origin: NON_EMPTY_TEXT,
  subprotocol: TEXTS,
  clientData: NON_EMPTY_TEXT,
  clientDataReuse: TRUE_OR_FALSE,
};

const BY_COHORT: OptionRule = {
  expected: `an object by cohort, of objects with ${Object.keys(COHORT_RULES).join(', ')}`,
  accepts: (value) =>
    isObject(value) && Object.values(value).every((own) => isObject(own) && hasOnlyRules(own)),
};

export const IDENTITY_RULES: OptionRules<IdentityFlags> = {
  ...COHORT_RULES,
  cohortClient: BY_COHORT,
  seed: wholeNumber(0, 2 ** 31 - 1),
};

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function hasOnlyRules(own: object): boolean {
  return Object.entries(own).every(
    ([name, value]) =>
      Object.hasOwn(COHORT_RULES, name) &&
      (value === undefined || COHORT_RULES[name as keyof CohortIdentityFlags].accepts(value)),
  );
}
