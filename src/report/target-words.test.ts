// A certificate that was not checked is in every report on a hub.
import { expect, it } from 'vitest';
import { targetProperties, targetWords, urlWords } from './target-words.ts';

const PLAIN = { adapter: 'http', url: 'ws://127.0.0.1:8800/ws' };
const agreed = { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' };
const at = (isVerified: boolean) => ({
  adapter: 'http',
  url: 'wss://hub/ws',
  tls: { ...agreed, isVerified },
});

it('names what was agreed, and that a certificate was not checked', () => {
  expect(targetWords(PLAIN)).toBe('ws://127.0.0.1:8800/ws (http)');
  expect(targetWords(at(true), ' adapter')).toBe(
    'wss://hub/ws (http adapter, TLSv1.3 TLS_AES_256_GCM_SHA384)',
  );
  const unchecked = 'certificate not checked (--insecure)';
  expect(targetWords(at(false))).toBe(`wss://hub/ws (http, TLSv1.3 TLS_AES_256_GCM_SHA384, ${unchecked})`);
  expect([urlWords(PLAIN), urlWords(at(true)), urlWords(at(false))]).toEqual([
    PLAIN.url,
    'wss://hub/ws',
    `wss://hub/ws (${unchecked})`,
  ]);
  expect(targetProperties(PLAIN)).toEqual([]);
  expect(targetProperties(at(false))).toEqual([
    ['target.tls', `TLSv1.3 TLS_AES_256_GCM_SHA384, ${unchecked}`],
  ]);
});
