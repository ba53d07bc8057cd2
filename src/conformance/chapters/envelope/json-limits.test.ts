// Which events a hub may refuse: what RFC 8259 lets readers of JSON limit, and nothing else.
import { describe, expect, it } from 'vitest';
import { findJsonLimit } from './json-limits.ts';

const event = (payload: string, appId = 'a') => `{"type":"t","appId":"${appId}","payload":${payload}}`;

describe('findJsonLimit', () => {
  it.each([
    ['a noncharacter', event('{"m":"\u{10ffff}"}'), 'unusual characters'],
    ['an escaped noncharacter', event('{"m":"\\ufffe"}'), 'unusual characters'],
    ['NUL', event('{"m":"a\\u0000b"}'), 'unusual characters'],
    ['half of a surrogate pair', event('{"m":"\\ud83d"}'), 'unusual characters'],
    ['an integer beyond 2^53', event('[9007199254740993]'), 'an extreme number'],
    ['a number near the largest double', event('[1.5e308]'), 'an extreme number'],
    ['twenty levels', event(`${'['.repeat(20)}${']'.repeat(20)}`), 'deep nesting'],
    ['an appId without text', event('{}', ''), 'an empty identifier'],
    ['a build log in one string', event(`{"m":"${'x'.repeat(5_000)}"}`), 'a long string'],
  ])('lets a hub refuse %s', (_name, text, limit) => {
    expect(findJsonLimit(text)).toBe(limit);
  });

  it.each([
    ['letters of any script', event('{"m":"Grüße Привет 部署 \u{1f680}"}')],
    ['control characters and a whole pair, escaped', event('{"m":"\\u001b[31m \\ud83d\\ude80"}')],
    ['ordinary numbers', event('[0,-0.25,1700000000000,0.000001,1e3]')],
    ['digits and brackets in a string', event('{"m":"90071992547409931 [[[[[[[[[[[[[[[[[[[[[["}')],
    ['an empty payload', event('{}')],
  ])('expects a hub to take %s', (_name, text) => {
    expect(findJsonLimit(text)).toBeUndefined();
  });
});
