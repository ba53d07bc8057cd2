// What a person gives for a NATS server: logins in the URL, TLS, and what is wrong with the rest.
import { describe, expect, it } from 'vitest';
import { readNatsAccess } from './nats-access.ts';
import { describeNatsProblem } from './nats-problem.ts';

describe('a NATS server', () => {
  it.each([
    ['nats://10.0.0.5', { server: '10.0.0.5:4222' }],
    ['nats://h:4333', { server: 'h:4333' }],
    ['nats://me:p%40ss@h', { server: 'h:4222', user: 'me', password: 'p@ss' }],
    ['nats://tok@h', { server: 'h:4222', token: 'tok' }],
    ['tls://[::1]:1', { server: '[::1]:1', tls: {} }],
  ])('is read from %s', (url, value) => {
    expect(readNatsAccess({ url })).toEqual({ ok: true, value });
  });

  it.each([
    [
      { url: 'http://h' },
      'url',
      'expected nats://[USER:PASSWORD@]HOST[:PORT], or tls:// instead of nats://, got "http://h"',
    ],
    [
      { url: 'me:secret@h' },
      'url',
      'expected nats://[USER:PASSWORD@]HOST[:PORT], or tls:// instead of nats://',
    ],
    [
      { url: 'nats://me:100%@h' },
      'url',
      'expected nats://[USER:PASSWORD@]HOST[:PORT], or tls:// instead of nats://; a % in USER or PASSWORD is written as %25',
    ],
    [
      { url: 'nats://h', cert: 'c.pem' },
      'cert',
      'a certificate and its key belong together; give the key, too',
    ],
    [
      { url: 'nats://h', creds: '/no/such/file' },
      'creds',
      expect.stringContaining('/no/such/file cannot be read'),
    ],
  ])('is refused: %j', (words, option, problem) => {
    expect(readNatsAccess(words)).toEqual({ ok: false, option, problem });
  });

  it.each([
    [
      new Error('connection refused', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }),
      'start one',
    ],
    [new Error('Authorization Violation'), 'refused the login'],
    [new Error('self-signed certificate'), 'give the certificate of its authority'],
    [new Error('timeout'), 'did not answer within 5 s'],
    [new Error('odd'), 'the NATS server at h:4222 cannot be used: odd'],
  ])('that cannot be used is explained: %s', (error, sentence) => {
    expect(describeNatsProblem(error, 'h:4222')).toContain(sentence);
  });
});
