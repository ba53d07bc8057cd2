// The connecting side of the connect bench: opens clients as the load driver does, or `ws` clients, and says what they
// cost in CPU time and in memory that stays. Needs --expose-gc.
import { createClientLedger } from '../../ledger/client/client-ledger.ts';
import { createEventLog } from '../../ledger/events/event-log.ts';
import { createDeliveryRecorder } from '../../ledger/latency/delivery-recorder.ts';
import { systemClock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { openRing } from '../../wire/ring/open-ring.ts';
import { openDriverClient, openMany, openWsClient, SERVER_ADDRESSES } from '../bench-clients.ts';
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

const kind = process.argv[2] ?? 'ledger';
const kept: object[] = [];
let opened = 0;
const log = createEventLog({ runId: 'bench' });
const recorder = createDeliveryRecorder();

/** As the load driver reads where the kernel allows it. */
const ring = kind === 'ws' ? undefined : openRing();

function openLedgerClient(url: string): Promise<object> {
  return openDriverClient({
    url,
    clock: systemClock,
    ring: ring?.ok ? ring.value : undefined,
    createReceiver: (listener) => createClientLedger(log, recorder, listener),
  });
}

function openCountingClient(url: string): Promise<object> {
  let messages = 0;
  return openWsClient(
    url,
    () => {
      messages++;
    },
    () => messages,
  );
}

async function open(port: number, clients: number): Promise<void> {
  const openOne = kind === 'ws' ? openCountingClient : openLedgerClient;
  const openNext = () => openOne(`ws://127.0.0.${1 + (opened++ % SERVER_ADDRESSES)}:${port}/${kind}`);
  kept.push(...(await openMany(clients, CONNECTS_AT_A_TIME, openNext)));
}

async function settledBytes(): Promise<number> {
  for (let pass = 0; pass < 4; pass++) {
    globalThis.gc?.();
    await pause(systemClock, 50);
  }
  return process.memoryUsage.rss();
}

obeyOrders<ConnectOrder>(async ({ port, clients }) => {
  await open(port, WARM_CLIENTS);
  const bytesBefore = await settledBytes();
  const begun = process.cpuUsage();
  await open(port, clients);
  const cpuMicros = cpuMicrosSince(begun);
  const result: ConnectResult = { cpuMicros, userBytes: (await settledBytes()) - bytesBefore };
  return result;
});
