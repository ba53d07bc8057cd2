// A hub that floods its clients with messages that nobody published: the run ends on time, and a finding names the flood.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { loadHub } from '../../../library/load-hub.ts';
import { systemClock } from '../../../time/clock.ts';
import { pause } from '../../../time/deadline.ts';

const MESSAGES_PER_TURN = 500;
const MAX_BUFFERED_BYTES = 1_000_000;
/** Two seconds are planned; a run that waits until its clients are silent never ends. */
const MAX_RUN_MILLIS = 30_000;
const clients = new Set<WebSocket>();
let isOver = false;

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  for (const line of body.split('\n').filter((text) => text !== ''))
    for (const one of clients) one.send(line);
  response.writeHead(202).end();
});
const sockets = new WebSocketServer({ server, path: '/ws' });
sockets.on('connection', (client) => {
  clients.add(client);
  client.on('close', () => clients.delete(client)).on('error', () => {});
});

async function flood(): Promise<void> {
  while (!isOver) {
    for (const client of clients)
      for (let i = 0; i < MESSAGES_PER_TURN && client.bufferedAmount < MAX_BUFFERED_BYTES; i++)
        client.send('{"type":"noise","appId":"a","payload":{}}');
    await pause(systemClock, 10);
  }
}

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  void flood();
});
afterAll(() => {
  isOver = true;
  for (const client of clients) client.terminate();
  server.close();
});

describe('a hub that floods its clients', () => {
  it('ends on time, and the finding counts the messages', async () => {
    const { port } = server.address() as AddressInfo;
    const result = await loadHub({
      url: `ws://127.0.0.1:${port}/ws`,
      broadcastUrl: `http://127.0.0.1:${port}/broadcast`,
      cohorts: ['fast=2'],
      ratePerSecond: 20,
      durationMillis: 2_000,
      warmupMillis: 200,
      workers: 1,
    });
    expect(result.ledger.foreign).toBeGreaterThan(20_000);
    const message = expect.stringContaining(
      `${result.ledger.foreign} messages that this run did not publish`,
    );
    expect(result.findings).toContainEqual({ name: 'protocol', severity: 'warning', message });
    expect(result.durationMs).toBeLessThan(MAX_RUN_MILLIS);
  });
});
