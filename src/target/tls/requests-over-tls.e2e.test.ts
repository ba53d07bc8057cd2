// What a request over TLS is given, whether its connection is used again or not.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestCertificates } from '../../testing/tls/test-certificates.ts';
import { systemClock } from '../../time/clock.ts';
import { createHttpCaller } from '../http/http-caller.ts';

const certificates = createTestCertificates();
afterAll(() => certificates.remove());

describe('a request over TLS', () => {
  it.each([
    ['kept', 0],
    ['not used again after a late answer', 200],
  ])('trusts the given authority on connections that are %s', async (_how, lateMillis) => {
    const { cert, key } = certificates.server;
    const files = { cert: readFileSync(cert), key: readFileSync(key) };
    const server = createServer(files, (request, response) => {
      const answer = (): void => void response.end('here');
      if (request.url === '/late') setTimeout(answer, lateMillis);
      else answer();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const caller = createHttpCaller(systemClock, { ca: [readFileSync(certificates.ca, 'utf8')] });
    const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
    for (const path of ['/', '/', '/late', '/', '/']) {
      const call = { method: 'GET', url: new URL(path, origin), headers: {}, deadlineMillis: 5_000 } as const;
      expect(await caller.call(call)).toMatchObject({ ok: true, body: 'here' });
    }
    caller.close();
    server.closeAllConnections();
    server.close();
  });
});
