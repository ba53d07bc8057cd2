// The connecting side of the connect bench: opens clients as the load driver does, or `ws` clients, and says what they
// cost in CPU time and in memory that stays. Needs --expose-gc.
import { WebSocket } from 'ws';
import { ListeningClient } from '../../client/listening-client.ts';
import { createClientLedger } from '../../ledger/client/client-ledger.ts';
import { createEventLog } from '../../ledger/events/event-log.ts';
import { createDeliveryRecorder } from '../../ledger/latency/delivery-recorder.ts';
import { systemClock } from '../../time/clock.ts';
import { cpuMicrosSince, obeyOrders } from '../subject-process.ts';

export interface ConnectOrder {
  readonly port: number;
  readonly clients: number;
}

export interface ConnectResult {
  readonly cpuMicros: number;
  /** Growth of this process, garbage collected, from before the clients to when all are idle. */
  readonly userBytes: number;
}

const CONNECTS_AT_A_TIME = 100;
/** Connected before anything is measured: code is compiled and the heap has its working size. */
const WARM_CLIENTS = 1_000;
const DEADLINE_MILLIS = 30_000;

const kind = process.argv[2] ?? 'ledger';
const kept: object[] = [];
const log = createEventLog({ runId: 'bench' });
const recorder = createDeliveryRecorder();

async function openDriverClient(url: string): Promise<void> {
  const client = new ListeningClient({
    url,
    behaviour: { kind: 'fast' },
    clock: systemClock,
    deadlineMillis: DEADLINE_MILLIS,
    isProber: false,
    createReceiver: (listener) => createClientLedger(log, recorder, listener),
  });
  kept.push(client);
  const opened = await client.open();
  if (!opened.ok) throw new Error(opened.problem);
}

async function openWsClient(url: string): Promise<void> {
  const client = new WebSocket(url, { perMessageDeflate: false });
  let messages = 0;
  client.on('message', () => {
    messages++;
  });
  client.on('close', () => messages);
  kept.push(client);
  await new Promise((resolve, reject) => client.once('open', resolve).once('error', reject));
}

async function openMany(port: number, clients: number): Promise<void> {
  const url = `ws://127.0.0.1:${port}/${kind}`;
  const open = kind === 'ws' ? openWsClient : openDriverClient;
  for (let opened = 0; opened < clients; opened += CONNECTS_AT_A_TIME) {
    const count = Math.min(CONNECTS_AT_A_TIME, clients - opened);
    await Promise.all(Array.from({ length: count }, () => open(url)));
  }
}

async function settledBytes(): Promise<number> {
  for (let pass = 0; pass < 4; pass++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.memoryUsage.rss();
}

obeyOrders<ConnectOrder>(async ({ port, clients }) => {
  await openMany(port, WARM_CLIENTS);
  const bytesBefore = await settledBytes();
  const begun = process.cpuUsage();
  await openMany(port, clients);
  const cpuMicros = cpuMicrosSince(begun);
  const result: ConnectResult = { cpuMicros, userBytes: (await settledBytes()) - bytesBefore };
  return result;
});
