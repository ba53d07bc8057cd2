// What autocannon measures on connections that the server keeps: statuses, bodies, and the rate.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { sendWithAutocannon } from './autocannon-requests.ts';

it('sends the body no faster than the rate, and counts each answer by status', async () => {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(`${request.method} ${body}`);
    response.statusCode = 202;
    response.end('done');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const load = { url, headers: {}, body: 'event', connections: 1, requestsPerSecond: 5 };
  try {
    const measured = await sendWithAutocannon(load, 2_000, new AbortController().signal);
    const answered = measured.answersByStatus.get(202) ?? 0;
    expect([...measured.answersByStatus.keys()]).toEqual([202]);
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThanOrEqual(5 * Math.ceil(measured.elapsedMillis / 1e3));
    expect(new Set(bodies)).toEqual(new Set(['POST event']));
    expect(measured.errors).toBe(0);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
