// Which answers come through a proxy.
import { describe, expect, it } from 'vitest';
import { proxyIn } from './find-proxy.ts';

describe('proxyIn', () => {
  it.each([
    [{ server: 'nginx/1.22.1' }, 'nginx/1.22.1'],
    [{ server: 'envoy' }, 'envoy'],
    [{ server: 'Apache/2.4.57 (Debian)' }, 'Apache/2.4.57 (Debian)'],
    [{ via: '1.1 Caddy' }, '1.1 Caddy'],
    [{ 'cf-ray': '8f2', server: 'x' }, 'a proxy that sets cf-ray'],
    [{ server: `nginx\u001b[31m${'x'.repeat(99)}` }, expect.stringMatching(/^nginx\?\[31mx{50}$/)],
  ])('%j: %s', (headers, expected) => {
    expect(proxyIn(headers)).toEqual(expected);
  });

  it.each([
    {},
    { server: 'Python/3.11 websockets/10.4' },
    { server: 'uvicorn' },
    { server: 'Apache Tomcat/10' },
    { server: 'Apache-Coyote/1.1' },
    { server: 'my-engine-x' },
  ])('%j is a hub', (headers) => {
    expect(proxyIn(headers)).toBeUndefined();
  });
});
