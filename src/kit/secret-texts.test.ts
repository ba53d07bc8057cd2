// Many texts at once: each is found however it is written, the longest first, and the time does not grow with their number.
import { describe, expect, it } from 'vitest';
import { SecretTexts } from './secret-texts.ts';

function textsOf(...texts: readonly string[]): SecretTexts {
  const all = new SecretTexts();
  for (const text of texts) all.add(text);
  return all;
}

describe('SecretTexts', () => {
  it('takes the longest of those that begin alike', () => {
    const texts = textsOf('token-1', 'token-12', 'token-1234');
    expect(texts.replaceIn('token-1 token-12, token-123 token-1234.', '*')).toBe('* *, *3 *.');
  });

  it('leaves what only begins like one', () => {
    expect(textsOf('token-12').replaceIn('token-1, token', '*')).toBe('token-1, token');
    expect(textsOf().replaceIn('anything', '*')).toBe('anything');
  });

  it.each([
    ['JSON', '{"a":"x\\"y&z"}', '{"a":"*"}'],
    ['JSON in JSON', '"x\\\\\\"y&z"', '"*"'],
    ['HTML', '<b>x&quot;y&amp;z</b>', '<b>*</b>'],
    ['a URL', '?a=x%22y%26z&b', '?a=*&b'],
    ['escaped code units', 'x\\u0022y\\u0026z', '*'],
  ])('finds one in %s', (_, text, expected) => {
    expect(textsOf('x"y&z', 'x"y').replaceIn(text, '*')).toBe(expected);
  });

  it('finds one of a hundred thousand', () => {
    const texts = textsOf(...Array.from({ length: 100_000 }, (_, at) => `eyJhbGciOiJIUzI1NiJ9.${at}.x`));
    const text = `${'nothing to hide here, eyJhbGciOiJIUzI1NiJ9.none\n'.repeat(20_000)}eyJhbGciOiJIUzI1NiJ9.77777.x`;
    expect(texts.replaceIn(text, '*').endsWith('none\n*')).toBe(true);
  });
});
