// The sending side of the fan-out bench, one process for each subject: the hub, or the loop over `ws` clients that one
// would write without thinking. Says how much CPU time a round took.
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { createHub } from '../hub/hub.ts';
import type { Envelope } from '../protocol/envelope.ts';

export type FanOutOrder = { readonly ticks: number; readonly eventsPerTick: number };

export interface FanOutResult {
  readonly cpuMicros: number;
  readonly clients: number;
}

interface Subject {
  readonly port: number;
  publish(event: Envelope): void;
  clients(): number;
}

async function startHub(): Promise<Subject> {
  const hub = createHub({ pingIntervalMillis: 0 });
  const { url } = await hub.listen(0);
  return {
    port: Number(new URL(url).port),
    publish: (event) => void hub.publish(event),
    clients: () => hub.stats().clients,
  };
}

async function startNaiveLoop(): Promise<Subject> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', backlog: 4_096 });
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    publish(event) {
      const text = JSON.stringify(event);
      for (const client of server.clients) if (client.readyState === WebSocket.OPEN) client.send(text);
    },
    clients: () => server.clients.size,
  };
}

const subject = await (process.argv[2] === 'hub' ? startHub() : startNaiveLoop());
let sequence = 0;

async function runRound({ ticks, eventsPerTick }: FanOutOrder): Promise<FanOutResult> {
  const begun = process.cpuUsage();
  for (let tick = 0; tick < ticks; tick++) {
    for (let i = 0; i < eventsPerTick; i++) {
      const message = `allocation ${sequence++} of web is running, 3 of 5 healthy`;
      subject.publish({ type: 'deploy.progress', appId: 'shop', payload: { sagaId: 'saga-7f3a', message } });
    }
    // The hub fans out in its own turn; then the next tick.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { user, system } = process.cpuUsage(begun);
  return { cpuMicros: user + system, clients: subject.clients() };
}

process.on('message', (order: FanOutOrder) => {
  runRound(order).then(
    (result) => process.send?.(result),
    (error: Error) => {
      throw error;
    },
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port: subject.port });
