// What one would write without thinking: a loop over `ws` clients. The baseline of the benches of the hub.
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { Envelope } from '../protocol/envelope.ts';

export interface NaiveLoop {
  readonly port: number;
  publish(event: Envelope): void;
}

export async function startNaiveLoop(): Promise<NaiveLoop> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', backlog: 4_096 });
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    publish(event) {
      const text = JSON.stringify(event);
      for (const client of server.clients) if (client.readyState === WebSocket.OPEN) client.send(text);
    },
  };
}
