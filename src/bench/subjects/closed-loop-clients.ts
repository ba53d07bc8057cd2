// The clients of the end-to-end bench: those of the load driver, which verify everything, or `ws` clients that count.
// Acknowledges each event that all of them have.
import { connect, type Socket } from 'node:net';
import { createClientLedger } from '../../ledger/client/client-ledger.ts';
import { createEventLog } from '../../ledger/events/event-log.ts';
import { createDeliveryRecorder } from '../../ledger/latency/delivery-recorder.ts';
import type { ClientLedger } from '../../ledger/ledger.ts';
import { foldLedger } from '../../ledger/ledger-balance.ts';
import { systemClock } from '../../time/clock.ts';
import { openDriverClient, openMany, openWsClient } from '../bench-clients.ts';
import { cpuMicrosSince, obeyOrders } from '../subject-process.ts';

export type ClosedLoopClientsOrder =
  | {
      readonly kind: 'connect';
      readonly port: number;
      readonly acknowledgementPort: number;
      readonly clients: number;
    }
  /** Answered once that many deliveries were read since the last such order. */
  | { readonly kind: 'await'; readonly deliveries: number };

export interface ClosedLoopClientsResult {
  readonly cpuMicros: number;
  readonly endMicros: number;
  readonly closed: number;
  readonly isBalanced: boolean;
}

const CONNECTS_AT_A_TIME = 100;
const isWs = process.argv[2] === 'ws';
const log = createEventLog({ runId: 'bench' });
const recorder = createDeliveryRecorder();
const ledgers: ClientLedger[] = [];
let clientCount = 0;
let control: Socket;
let deliveries = 0;
let closed = 0;
let nextAcknowledgement = Number.POSITIVE_INFINITY;
let awaited = Number.POSITIVE_INFINITY;
let onAwaited: () => void = () => {};

/** Deliveries over all clients stand for events that all have: exact at the end, and near enough for a window. */
function count(messages: number): void {
  deliveries += messages;
  let events = 0;
  while (deliveries >= nextAcknowledgement) {
    nextAcknowledgement += clientCount;
    events++;
  }
  if (events > 0) control.write('.'.repeat(events));
  if (deliveries >= awaited) onAwaited();
}

async function openVerifying(url: string): Promise<void> {
  await openDriverClient({
    url,
    clock: systemClock,
    createReceiver(listener) {
      const ledger = createClientLedger(log, recorder, listener);
      ledgers.push(ledger);
      return {
        onBytes(buffer, start, end, nowMicros) {
          const before = ledger.receivedMessages;
          ledger.onBytes(buffer, start, end, nowMicros);
          count(ledger.receivedMessages - before);
        },
        onEnd() {
          closed++;
          ledger.onEnd();
        },
        get receivedMessages() {
          return ledger.receivedMessages;
        },
      };
    },
  });
}

async function openCounting(url: string): Promise<void> {
  await openWsClient(
    url,
    () => count(1),
    () => closed++,
  );
}

async function open(port: number, acknowledgementPort: number, clients: number): Promise<object> {
  control = connect(acknowledgementPort, '127.0.0.1');
  control.setNoDelay(true);
  clientCount = clients;
  nextAcknowledgement = clients;
  const openOne = isWs ? openCounting : openVerifying;
  await openMany(clients, CONNECTS_AT_A_TIME, () => openOne(`ws://127.0.0.1:${port}/ws`));
  return { connected: clients };
}

async function awaitDeliveries(more: number): Promise<ClosedLoopClientsResult> {
  const begun = process.cpuUsage();
  const wanted = (Number.isFinite(awaited) ? awaited : 0) + more;
  await new Promise<void>((resolve) => {
    onAwaited = resolve;
    awaited = wanted;
    count(0);
  });
  onAwaited = () => {};
  const endMicros = systemClock.nowMicros();
  return { cpuMicros: cpuMicrosSince(begun), endMicros, closed, isBalanced: isBalanced() };
}

/** Every client has every event, once, in order, as published. */
function isBalanced(): boolean {
  if (isWs) return true;
  const entries = ledgers.map((ledger) => ({ snapshot: ledger.snapshot(), outcome: 'open' as const }));
  const last = deliveries / clientCount - 1;
  const { balanced, lost, duplicated, reordered, corrupted } = foldLedger(entries, {
    first: 0,
    last,
    owedFrom: 0,
  });
  return balanced && lost + duplicated + reordered + corrupted === 0;
}

obeyOrders<ClosedLoopClientsOrder>((order) =>
  order.kind === 'connect'
    ? open(order.port, order.acknowledgementPort, order.clients)
    : awaitDeliveries(order.deliveries),
);
