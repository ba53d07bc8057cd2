// Each rule of an option, at its limits, and what the error says.
import { describe, expect, it } from 'vitest';
import { KitError } from './kit-error.ts';
import {
  ABORT_SIGNAL,
  AT_LEAST_ONE_TEXT,
  CALLABLE,
  findBadValue,
  NON_EMPTY_TEXT,
  numberAboveZero,
  numberFrom,
  type OptionRule,
  objectWith,
  oneOf,
  requireOptions,
  TEXTS,
  TRUE_OR_FALSE,
  wholeNumber,
} from './option-rules.ts';

const NO_NUMBERS = [Number.NaN, '1', null, 1n, Number.POSITIVE_INFINITY];

describe('a rule', () => {
  it.each<[string, OptionRule, readonly unknown[], readonly unknown[]]>([
    ['wholeNumber', wholeNumber(1, 9), [1, 9], [0, 10, 1.5, -1, ...NO_NUMBERS]],
    ['numberFrom', numberFrom(0, 9), [0, 0.5, 9], [-0.1, 9.1, ...NO_NUMBERS]],
    ['numberAboveZero', numberAboveZero(9), [0.001, 9], [0, -0, -1, 9.1, ...NO_NUMBERS]],
    ['NON_EMPTY_TEXT', NON_EMPTY_TEXT, ['a'], ['', 1, null, ['a']]],
    ['TEXTS', TEXTS, [[], ['a']], ['a', [''], [1], null]],
    ['AT_LEAST_ONE_TEXT', AT_LEAST_ONE_TEXT, [['a']], [[], [''], 'a']],
    ['TRUE_OR_FALSE', TRUE_OR_FALSE, [true, false], ['true', 1, null]],
    ['CALLABLE', CALLABLE, [() => {}], [{}, 'f', null]],
    ['ABORT_SIGNAL', ABORT_SIGNAL, [new AbortController().signal], [new AbortController(), {}, null]],
    ['oneOf', oneOf(['a', 'b']), ['a', 'b'], ['c', 0, null]],
    ['objectWith', objectWith('x', ['run']), [{ run() {} }], [{}, { run: 1 }, null, 'x']],
  ])('%s accepts and refuses', (_name, rule, good, bad) => {
    expect(good.filter((value) => !rule.accepts(value))).toEqual([]);
    expect(bad.filter((value) => rule.accepts(value))).toEqual([]);
  });
});

describe('options', () => {
  const rules = { rampPerSecond: numberAboveZero(9), level: oneOf(['must', 'all']), signal: ABORT_SIGNAL };

  it('are accepted when every value keeps its rule or is undefined', () => {
    expect(() => requireOptions({ rampPerSecond: 1, level: undefined }, rules)).not.toThrow();
    expect(() => requireOptions({}, rules)).not.toThrow();
  });

  it.each([
    [{ rampPerSecond: 0 }, 'rampPerSecond: expected a number above 0, at most 9, got 0'],
    [{ level: 'nope' }, 'level: expected one of must, all, got "nope"'],
    [{ levle: 'must' }, 'levle: no such option; did you mean level?'],
    [{ qqqqqqqq: 1 }, 'qqqqqqqq: no such option; the options are rampPerSecond, level, signal'],
    [{ constructor: 1 }, 'constructor: no such option; the options are rampPerSecond, level, signal'],
    [{ signal: {} }, 'signal: expected an AbortSignal, got {}'],
    [[], 'options: expected an object, got []'],
    ['ws://127.0.0.1/ws', 'options: expected an object, got "ws://127.0.0.1/ws"'],
  ])('%o are refused by name', (given, message) => {
    const refuse = () => requireOptions(given, rules);
    expect(refuse).toThrow(KitError);
    expect(refuse).toThrow(expect.objectContaining({ code: 'BAD_OPTION', message }));
  });

  it('without a rule are skipped where only values are checked', () => {
    expect(findBadValue({ other: 1, level: 'all' }, rules)).toBeUndefined();
    expect(findBadValue({ other: 1, level: 'al' }, rules)).toEqual({
      option: 'level',
      problem: 'expected one of must, all, got "al"',
    });
  });
});
