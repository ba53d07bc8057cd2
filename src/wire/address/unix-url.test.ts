// URLs of Unix sockets: what is read, what is refused, and what requests and links are made of.
import { describe, expect, it } from 'vitest';
import { addressOf, httpUrlOf, requestUrlOf } from '../hub-address.ts';
import { parseUnixUrl, writeUnixUrl } from './unix-url.ts';

describe('the URL of a Unix socket', () => {
  it.each([
    ['ws+unix:/run/hub.sock:/ws', '/run/hub.sock', '/ws'],
    ['ws+unix:///run/hub.sock:/ws?a=b:c', '/run/hub.sock', '/ws?a=b:c'],
    ['ws+unix:/run/hub.sock', '/run/hub.sock', '/'],
    ['ws+unix:run/hub.sock:/ws', 'run/hub.sock', '/ws'],
    ['http+unix:/with%20blank.sock:/broadcast', '/with blank.sock', '/broadcast'],
  ])('%s', (url, socketPath, requestTarget) => {
    expect(parseUnixUrl(url)).toEqual({ socketPath, requestTarget });
    expect(addressOf(url)).toEqual({ socketPath });
  });

  it.each([
    'ws://127.0.0.1/ws',
    'ws+unix://run/hub.sock:/ws',
    'ws+unix::/ws',
    'ws+unix:/a.sock:ws',
    'wss+unix:/a:/b',
  ])('is not %s', (url) => {
    expect(parseUnixUrl(url)).toBeUndefined();
  });

  it('is read as it was written', () => {
    const unix = { socketPath: '/run/a b:c?.sock', requestTarget: '/ws?x=1' };
    expect(parseUnixUrl(writeUnixUrl('ws', unix))).toEqual(unix);
  });

  it('has localhost as the host of requests', () => {
    const { host, pathname, search } = requestUrlOf('ws+unix:/run/hub.sock:/ws?x=1');
    expect([host, pathname, search]).toEqual(['localhost', '/ws', '?x=1']);
  });
});

describe('another path of the same server', () => {
  it.each([
    ['ws://[::1]:8800/ws?x=1', '/broadcast', 'http://[::1]:8800/broadcast'],
    ['wss://hub.example/a/ws', 'healthz', 'https://hub.example/a/healthz'],
    ['https://hub.example/a/broadcast', 'stats', 'https://hub.example/a/stats'],
    ['ws+unix:/run/hub.sock:/a/ws', 'healthz', 'http+unix:/run/hub.sock:/a/healthz'],
    ['http+unix:/run/hub.sock:/broadcast', '/stats', 'http+unix:/run/hub.sock:/stats'],
  ])('of %s, %s', (url, link, expected) => {
    expect(httpUrlOf(url, link).href).toBe(expected);
  });
});
