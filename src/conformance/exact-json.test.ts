// Which JSON texts say the same.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDifference, parseExactJson } from './exact-json.ts';

const differ = (sent: string, got: string, isExact = false) =>
  findDifference(parseExactJson(sent), parseExactJson(got), { isExact });

describe('findDifference', () => {
  it.each([
    ['{"a":1,"b":"x"}', ' { "b" : "x", "a" : 1.0 } '],
    ['{"a":"<&>\u2028"}', '{"a":"\\u003c\\u0026\\u003E\\u2028"}'],
    ['[1e2,0.5,-0]', '[100,5e-1,0]'],
    ['{"n":"1","m":1}', '{"m":1,"n":"1"}'],
  ])('finds none between %s and %s', (sent, got) => {
    expect(differ(sent, got)).toBeUndefined();
    expect(differ(sent, got, true)).toBeUndefined();
  });

  it.each([
    ['{"a":1}', '{"a":"1"}', 'a was 1 and is "1"'],
    ['{"a":{"b":[1,2]}}', '{"a":{"b":[1]}}', 'a.b.1 is missing'],
    ['{"a":null}', '{}', 'a is missing'],
    ['{"a":""}', '{"a":null}', 'a was "" and is null'],
    ['{}', '{"a":0}', 'a was added: 0'],
    ['{"a":{}}', '{"a":[]}', 'a was {} and is []'],
  ])('names the place between %s and %s', (sent, got, difference) => {
    expect(differ(sent, got)).toBe(difference);
  });

  it('sees rounded integers only when every digit counts', () => {
    expect(differ('[9007199254740993]', '[9007199254740992]')).toBeUndefined();
    expect(differ('[9007199254740993]', '[9007199254740992]', true)).toContain('9007199254740993');
    expect(differ('[9007199254740993]', '[9.007199254740993e15]', true)).toBeUndefined();
  });

  it('finds none between any value and its own encodings', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(differ(JSON.stringify(value), JSON.stringify(value, undefined, 2), true)).toBeUndefined();
      }),
    );
  });
});
