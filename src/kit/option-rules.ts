// What a caller may give for an option of the library, as data: one rule for each option. A value that breaks its rule
// is reported by the option's name, before anything starts.
import { suggest } from '../units/suggest.ts';
import { KitError } from './kit-error.ts';

export interface OptionRule {
  /** Completes "expected …". */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

/** A rule for each option of `T`; the compiler refuses a table that leaves one out. */
export type OptionRules<T> = { readonly [Name in keyof Required<T>]: OptionRule };

export interface BadOption {
  readonly option: string;
  readonly problem: string;
}

/** The first option whose value breaks its rule; undefined counts as not given, names without a rule are skipped. */
export function findBadValue(
  given: object,
  rules: Readonly<Record<string, OptionRule>>,
): BadOption | undefined {
  for (const [option, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, option) ? rules[option] : undefined;
    if (value === undefined || rule === undefined || rule.accepts(value)) continue;
    return { option, problem: `expected ${rule.expected}, got ${show(value)}` };
  }
  return undefined;
}

/** Throws KitError `BAD_OPTION` for a value that breaks its rule, and for an option that does not exist. */
export function requireOptions(given: unknown, rules: Readonly<Record<string, OptionRule>>): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new KitError('BAD_OPTION', `options: expected an object, got ${show(given)}`);
  }
  const known = Object.keys(rules);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new KitError('BAD_OPTION', describeUnknown(unknown, known));
  const bad = findBadValue(given, rules);
  if (bad) throw new KitError('BAD_OPTION', `${bad.option}: ${bad.problem}`);
}

function describeUnknown(name: string, known: readonly string[]): string {
  const meant = suggest(name, known);
  return `${name}: no such option${meant === undefined ? `; the options are ${known.join(', ')}` : `; did you mean ${meant}?`}`;
}

export function wholeNumber(least: number, most: number): OptionRule {
  return {
    expected: `a whole number from ${least} to ${most}`,
    accepts: (value) => Number.isSafeInteger(value) && isWithin(value, least, most),
  };
}

/** `least` itself is accepted. */
export function numberFrom(least: number, most: number): OptionRule {
  return { expected: `a number from ${least} to ${most}`, accepts: (value) => isWithin(value, least, most) };
}

export function numberAboveZero(most: number): OptionRule {
  return {
    expected: `a number above 0, at most ${most}`,
    accepts: (value) => value !== 0 && isWithin(value, 0, most),
  };
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}

export const NON_EMPTY_TEXT: OptionRule = {
  expected: 'a text that is not empty',
  accepts: (value) => typeof value === 'string' && value !== '',
};

export const TEXTS: OptionRule = {
  expected: 'a list of texts that are not empty',
  accepts: (value) => Array.isArray(value) && value.every(NON_EMPTY_TEXT.accepts),
};

export const AT_LEAST_ONE_TEXT: OptionRule = {
  expected: 'a list of at least one text, none of them empty',
  accepts: (value) => TEXTS.accepts(value) && (value as unknown[]).length > 0,
};

export const TRUE_OR_FALSE: OptionRule = {
  expected: 'true or false',
  accepts: (value) => typeof value === 'boolean',
};

export const CALLABLE: OptionRule = {
  expected: 'a function',
  accepts: (value) => typeof value === 'function',
};

export const ABORT_SIGNAL: OptionRule = {
  expected: 'an AbortSignal',
  accepts: (value) => value instanceof AbortSignal,
};

export function oneOf(values: readonly string[]): OptionRule {
  return {
    expected: `one of ${values.join(', ')}`,
    accepts: (value) => typeof value === 'string' && values.includes(value),
  };
}

export function objectWith(expected: string, methods: readonly string[]): OptionRule {
  return {
    expected,
    accepts: (value) =>
      typeof value === 'object' &&
      value !== null &&
      methods.every((name) => typeof (value as Record<string, unknown>)[name] === 'function'),
  };
}

const SHOWN_CHARACTERS = 60;

function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  const text =
    typeof value === 'object' && value !== null
      ? showObject(value)
      : typeof value === 'string'
        ? JSON.stringify(value)
        : String(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function showObject(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return 'an object';
  }
}
