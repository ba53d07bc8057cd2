// The hub of the end-to-end bench, of the kit or a loop over `ws` clients: publishes as fast as its clients follow. They
// say over a connection of their own that all of them have an event, one byte for each, and at most a window is out.
import { type AddressInfo, createServer } from 'node:net';
import { createHub } from '../../hub/hub.ts';
import { stampEvent } from '../../protocol/content-check.ts';
import type { Envelope } from '../../protocol/envelope.ts';
import { systemClock } from '../../time/clock.ts';
import { startNaiveLoop } from '../naive-loop.ts';
import { cpuMicrosSince, obeyOrders } from '../subject-process.ts';

export interface ClosedLoopOrder {
  readonly events: number;
}

export interface ClosedLoopResult {
  readonly startMicros: number;
  readonly cpuMicros: number;
}

/** As many as correct hubs take from a healthy reader without evicting it. */
const WINDOW_EVENTS = 32;
/** Published together, as a producer with a queue of its own does. */
const BATCH_EVENTS = 8;

async function startKitHub(): Promise<{ port: number; publish(event: Envelope): void }> {
  const hub = createHub({ pingIntervalMillis: 0 });
  const { url } = await hub.listen(0);
  return { port: Number(new URL(url).port), publish: (event) => void hub.publish(event) };
}

const hub = await (process.argv[2] === 'ws' ? startNaiveLoop() : startKitHub());
let sequence = 0;
let acknowledged = 0;
let wake: () => void = () => {};

const acknowledgements = createServer((socket) => {
  socket.on('data', (bytes) => {
    acknowledged += bytes.length;
    wake();
  });
  socket.on('error', () => socket.destroy());
});

async function publishAll({ events }: ClosedLoopOrder): Promise<ClosedLoopResult> {
  const startMicros = systemClock.nowMicros();
  const begun = process.cpuUsage();
  const last = sequence + events;
  while (sequence < last) {
    if (sequence - acknowledged > WINDOW_EVENTS - BATCH_EVENTS) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    for (let event = 0; event < BATCH_EVENTS && sequence < last; event++) publishOne();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { startMicros, cpuMicros: cpuMicrosSince(begun) };
}

function publishOne(): void {
  const message = `allocation ${sequence} of web is running, 3 of 5 healthy`;
  const envelope = { type: 'deploy.progress', appId: 'shop', payload: { sagaId: 'saga-7f3a', message } };
  const probe = { runId: 'bench', sequence: sequence++, dueMicros: systemClock.nowMicros() };
  hub.publish(JSON.parse(stampEvent(envelope, probe)) as Envelope);
}

obeyOrders<ClosedLoopOrder>(publishAll);
acknowledgements.listen(0, '127.0.0.1', () =>
  process.send?.({
    port: hub.port,
    acknowledgementPort: (acknowledgements.address() as AddressInfo).port,
  }),
);
