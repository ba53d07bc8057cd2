// Latencies of answers and the memory of the count, on real sockets: a hub that closes the connection with each answer
// is measured like one that keeps it.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../time/clock.ts';
import { type RequestCounts, type RequestLoad, sendRequests } from './http-requests.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function load(url: string, more: Partial<RequestLoad> = {}): RequestLoad {
  return { url, headers: {}, connections: 2, ...more };
}

/** Sends until the server has seen `requests` of them. */
async function sendUntil(
  requests: number,
  answer: (server: Server) => void,
  more: Partial<RequestLoad> = {},
) {
  const stop = new AbortController();
  const server = createServer();
  let seen = 0;
  const count = () => {
    seen += 1;
    if (seen === requests) stop.abort();
  };
  server.on('request', count);
  server.on('upgrade', count);
  answer(server);
  const counts = await sendRequests(load(await listen(server), more), systemClock, stop.signal);
  return { counts, seen };
}

const answered = ({ answersByStatus }: RequestCounts): number =>
  [...answersByStatus.values()].reduce((total, count) => total + count, 0);

/** Refuses each upgrade as hubs do: an answer, and the end of the connection. */
function refuseUpgrades(server: Server): void {
  server.on('upgrade', (_request, socket) => {
    socket.on('error', () => {});
    socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno');
  });
}

const UPGRADE = { headers: { connection: 'Upgrade', upgrade: 'websocket' } };

describe('sendRequests', () => {
  it('times each answer from its own request when the hub closes the connection with it', async () => {
    const { counts, seen } = await sendUntil(600, refuseUpgrades, UPGRADE);
    expect([...counts.answersByStatus.keys()]).toEqual([403]);
    // No request is left behind: memory does not grow with the number of connections that were closed.
    expect(seen - answered(counts)).toBeLessThanOrEqual(2);
    expect(counts.errors).toBe(0);
    // With each latency measured from its own request, all of them fit into the time of the connections.
    expect(counts.latency.meanMicros * counts.latency.count).toBeLessThanOrEqual(
      2 * counts.elapsedMillis * 1e3,
    );
  });

  it('counts every answer once, by status, and times it', async () => {
    const { counts, seen } = await sendUntil(100, (server) =>
      server.on('request', (request, response) => {
        response.statusCode = request.method === 'POST' ? 202 : 500;
        response.end('done');
      }),
    );
    expect([...counts.answersByStatus.keys()]).toEqual([500]);
    // What was unanswered at the end is not counted.
    expect(seen - answered(counts)).toBeLessThanOrEqual(2);
    expect(counts.latency.count).toBe(answered(counts));
  });

  it('counts a connection that ends without an answer as an error', async () => {
    const { counts } = await sendUntil(4, (server) =>
      server.on('request', (request) => request.socket.destroy()),
    );
    expect(answered(counts)).toBe(0);
    expect(counts.errors).toBeGreaterThan(0);
  });

  it('counts an upgrade that is accepted by its status', async () => {
    const { counts } = await sendUntil(
      20,
      (server) =>
        server.on('upgrade', (_request, socket) => {
          socket.on('error', () => {});
          socket.write(
            'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
          );
        }),
      UPGRADE,
    );
    expect([...counts.answersByStatus.keys()]).toEqual([101]);
  });

  it('ends at once when it is stopped before the hub answers', async () => {
    const { counts } = await sendUntil(2, () => {});
    expect([answered(counts), counts.errors]).toEqual([0, 0]);
  });
});
