// The receiving side of the receive bench, one process for each subject: `ledger` verifies everything as the load
// driver does, `ws` and `net` only count. Says how much CPU time a round took.
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { createClientLedger } from '../ledger/client-ledger.ts';
import { createDeliveryRecorder } from '../ledger/delivery-recorder.ts';
import { createEventLog } from '../ledger/event-log.ts';
import type { ClientLedger } from '../ledger/ledger.ts';
import { foldLedger } from '../ledger/ledger-balance.ts';
import { systemClock } from '../time/clock.ts';
import { createFrameHeader, decodeFrameHeader } from '../wire/frame-header.ts';
import { openConnection } from '../wire/open-connection.ts';

export type SubjectOrder =
  | { readonly kind: 'connect'; readonly port: number; readonly clients: number }
  | { readonly kind: 'begin'; readonly framesPerTick: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'judge'; readonly events: number };

export interface RoundResult {
  readonly cpuMicros: number;
  readonly deliveries: number;
  readonly reads: number;
}

const subject = (process.argv[2] ?? 'ledger') as 'ledger' | 'ws' | 'net';
const ledgers: ClientLedger[] = [];
let control: Socket;
let deliveries = 0;
let reads = 0;
let deliveriesPerTick = Number.POSITIVE_INFINITY;
let tickEnd = Number.POSITIVE_INFINITY;
let begun = process.cpuUsage();

function acknowledge(): void {
  tickEnd += deliveriesPerTick;
  control.write('.');
}

async function connectLedgers(url: string, count: number): Promise<void> {
  const log = createEventLog({ runId: 'bench' });
  const recorder = createDeliveryRecorder();
  for (let opened = 0; opened < count; opened++) {
    const ledger = createClientLedger(log, recorder);
    ledgers.push(ledger);
    let received = 0;
    const listener = {
      onBytes(buffer: Buffer, start: number, end: number): void {
        ledger.onBytes(buffer, start, end, systemClock.nowMicros());
        reads++;
        deliveries += ledger.receivedMessages - received;
        received = ledger.receivedMessages;
        if (deliveries >= tickEnd) acknowledge();
      },
      onClosed(): void {},
    };
    const attempt = await openConnection({ url, listener, deadlineMillis: 10_000 });
    if (!attempt.ok) throw new Error(attempt.problem);
  }
}

/** Counts frames without looking at them: what is left of the cost when nothing is verified. */
function createFrameCounter(): (buffer: Buffer, start: number, end: number) => number {
  const header = createFrameHeader();
  let rest = 0;
  return (buffer, start, end) => {
    let at = start + rest;
    let frames = 0;
    while (at < end) {
      // The bench's frames are small and reads are cut at their borders, so headers are whole.
      if (!decodeFrameHeader(buffer, at, end, header)) throw new Error('a header was cut');
      at += header.headerBytes + header.payloadBytes;
      frames++;
    }
    rest = at - end;
    return frames;
  };
}

async function connectCounters(url: string, count: number): Promise<void> {
  for (let opened = 0; opened < count; opened++) {
    const countFrames = createFrameCounter();
    const listener = {
      onBytes(buffer: Buffer, start: number, end: number): void {
        reads++;
        deliveries += countFrames(buffer, start, end);
        if (deliveries >= tickEnd) acknowledge();
      },
      onClosed(): void {},
    };
    const attempt = await openConnection({ url, listener, deadlineMillis: 10_000 });
    if (!attempt.ok) throw new Error(attempt.problem);
  }
}

async function connectWs(url: string, count: number): Promise<void> {
  for (let opened = 0; opened < count; opened++) {
    const client = new WebSocket(url, { perMessageDeflate: false });
    client.on('message', () => {
      if (++deliveries >= tickEnd) acknowledge();
    });
    await new Promise((resolve, reject) => client.once('open', resolve).once('error', reject));
  }
}

const CONNECTORS = { ledger: connectLedgers, ws: connectWs, net: connectCounters };

async function open(port: number, clients: number): Promise<void> {
  const url = `ws://127.0.0.1:${port}/${subject}`;
  control = connect(port, '127.0.0.1');
  control.setNoDelay(true);
  control.write(`ACK /${subject}\n`);
  await CONNECTORS[subject](url, clients);
}

function judge(events: number): object {
  const entries = ledgers.map((ledger) => ({ snapshot: ledger.snapshot(), outcome: 'open' as const }));
  const balance = foldLedger(entries, { first: 0, last: events - 1, owedFrom: 0 });
  const { balanced, lost, received, duplicated, corrupted, faults } = balance;
  const judgedSingly = entries.reduce((sum, { snapshot }) => sum + snapshot.judgedSingly, 0);
  return { balanced, lost, received, duplicated, corrupted, faults, judgedSingly };
}

let clientCount = 0;
process.on('message', (order: SubjectOrder) => {
  if (order.kind === 'connect') {
    clientCount = order.clients;
    open(order.port, order.clients).then(
      () => process.send?.({ connected: true }),
      (error: Error) => {
        throw error;
      },
    );
  } else if (order.kind === 'begin') {
    deliveries = 0;
    reads = 0;
    deliveriesPerTick = clientCount * order.framesPerTick;
    tickEnd = deliveriesPerTick;
    begun = process.cpuUsage();
    process.send?.({ begun: true });
  } else if (order.kind === 'end') {
    const { user, system } = process.cpuUsage(begun);
    const result: RoundResult = { cpuMicros: user + system, deliveries, reads };
    process.send?.(result);
  } else {
    process.send?.(judge(order.events));
  }
});
process.on('disconnect', () => process.exit(0));
