// Whatever writes a secret, and however it encodes it, only stars are left.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecrets, redactHeader, redactUserinfo } from './secrets.ts';

function given(header: string) {
  const secrets = createSecrets();
  secrets.addHeader(header);
  return secrets;
}

describe('createSecrets', () => {
  it('hides the value of a header, whole and without its scheme', () => {
    const { redact } = given('Authorization: Bearer tok_en-123.x');
    expect(redact('sent Bearer tok_en-123.x')).toBe('sent ***');
    expect(redact('the hub says: no such token tok_en-123.x.')).toBe('the hub says: no such token ***.');
  });

  it.each([
    ['JSON', JSON.stringify('a"b\\c\u0007d')],
    ['Markdown', 'a"b\\\\c\u0007d'],
    ['HTML', 'a&quot;b\\c\u0007d'],
    ['a URL', encodeURIComponent('a"b\\c\u0007d')],
  ])('hides it in %s', (_, text) => {
    const { redact } = given('X-Key: a"b\\c\u0007d');
    expect(redact(text).replaceAll('"', '')).toBe('***');
  });

  it('hides what Basic credentials encode, and the values of cookies', () => {
    const basic = Buffer.from('maria:sesame-street').toString('base64');
    expect(given(`Authorization: Basic ${basic}`).redact('user maria:sesame-street, sesame-street')).toBe(
      'user ***, ***',
    );
    expect(given('Cookie: sid=0a1b2c3d4e; theme=midnight').redact('session 0a1b2c3d4e')).toBe('session ***');
  });

  it('leaves numbers and short words alone', () => {
    const secrets = given('X-Tenant: 1000000');
    secrets.addHeader('X-Env: test');
    expect(secrets.redact('{"bytes":1000000,"env":"test"}')).toBe('{"bytes":1000000,"env":"test"}');
  });

  it('hides any printable value as it is, in JSON, and in a URL', () => {
    const value = fc.string({ minLength: 8, unit: 'grapheme' }).filter((text) => !/^[\d.]+$/.test(text));
    fc.assert(
      fc.property(value, (secret) => {
        const secrets = createSecrets();
        secrets.add(secret);
        expect(secrets.redact(secret)).toBe('***');
        expect(secrets.redact(JSON.stringify(secret))).toBe('"***"');
        expect(secrets.redact(encodeURIComponent(secret))).toBe('***');
      }),
      { examples: [['    \uFFFD   ']] },
    );
  });
});

describe('redactUserinfo', () => {
  it('hides the user part of every URL in a text', () => {
    expect(redactUserinfo('ws://u:p@h:1/ws and HTTP://to%40ken@[::1]/x?y=a@b, mailto:a@b')).toBe(
      'ws://***@h:1/ws and HTTP://***@[::1]/x?y=a@b, mailto:a@b',
    );
  });
});

describe('redactHeader', () => {
  it('keeps the name', () => {
    expect(redactHeader('Authorization: Bearer x')).toBe('Authorization: ***');
    expect(redactHeader('no header')).toBe('***');
  });
});
