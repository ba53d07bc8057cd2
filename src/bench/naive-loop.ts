// What one would write without thinking: a loop over `ws` clients. The baseline of the benches of the hub.
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { Envelope } from '../protocol/envelope.ts';

export interface NaiveLoop {
  readonly port: number;
  publish(event: Envelope): void;
  /** Resolves when all that was published is written: `ws` compresses in other threads. */
  settled?(): Promise<void>;
}

/** With compression as a server should do it that has many clients: without a context that lasts. */
const DEFLATE = { serverNoContextTakeover: true, clientNoContextTakeover: true, threshold: 0 };

export async function startNaiveLoop(isCompressed = false): Promise<NaiveLoop> {
  const perMessageDeflate = isCompressed && DEFLATE;
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', backlog: 4_096, perMessageDeflate });
  await new Promise((resolve) => server.once('listening', resolve));
  const port = (server.address() as AddressInfo).port;
  return isCompressed ? createCountedLoop(server, port) : createLoop(server, port);
}

function createLoop(server: WebSocketServer, port: number): NaiveLoop {
  return {
    port,
    publish(event) {
      const text = JSON.stringify(event);
      for (const client of server.clients) if (client.readyState === WebSocket.OPEN) client.send(text);
    },
  };
}

function createCountedLoop(server: WebSocketServer, port: number): NaiveLoop {
  let pending = 0;
  let onSettled = () => {};
  const onSent = () => {
    if (--pending === 0) onSettled();
  };
  return {
    port,
    publish(event) {
      const text = JSON.stringify(event);
      for (const client of server.clients) {
        if (client.readyState !== WebSocket.OPEN) continue;
        pending++;
        client.send(text, onSent);
      }
    },
    settled: () =>
      new Promise((resolve) => {
        onSettled = resolve;
        if (pending === 0) resolve();
      }),
  };
}
