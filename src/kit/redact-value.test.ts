// Secrets do not stay in a result, wherever they stand in it.
import { describe, expect, it } from 'vitest';
import { redactValue } from './redact-value.ts';
import { createSecrets } from './secrets.ts';

describe('redactValue', () => {
  const secrets = createSecrets();
  secrets.addHeader('Authorization: Bearer a-long-token');

  it('hides header values and the user part of URLs at any depth, in keys, too', () => {
    const result = {
      target: { url: 'ws://me:secret@127.0.0.1:1/ws' },
      findings: [{ message: 'the hub answered: token a-long-token' }],
      failures: { 'refused a-long-token': 3 },
      count: 3,
      none: null,
    };
    expect(redactValue(result, secrets.redact)).toEqual({
      target: { url: 'ws://***@127.0.0.1:1/ws' },
      findings: [{ message: 'the hub answered: token ***' }],
      failures: { 'refused ***': 3 },
      count: 3,
      none: null,
    });
  });

  it('leaves other objects alone', () => {
    const bytes = Buffer.from('a-long-token');
    expect(redactValue({ bytes }, secrets.redact).bytes).toBe(bytes);
  });
});
