// The receiving side of the receive bench, one process for each subject: `ledger` verifies everything with the clients
// of the load driver, `tls`, `deflate` and `takeover` do so over TLS and compressed, without and with context takeover; the
// `ws` clients and `net` only count. Says how much CPU time a turn took.
import { connect, type Socket } from 'node:net';
import { createClientLedger } from '../../ledger/client/client-ledger.ts';
import { createEventLog } from '../../ledger/events/event-log.ts';
import { createDeliveryRecorder, type DeliveryRecorder } from '../../ledger/latency/delivery-recorder.ts';
import type { ClientLedger, LedgerBalance } from '../../ledger/ledger.ts';
import { foldLedger } from '../../ledger/ledger-balance.ts';
import { type Clock, systemClock } from '../../time/clock.ts';
import { createFrameHeader, decodeFrameHeader } from '../../wire/frame-header.ts';
import { openConnection } from '../../wire/open-connection.ts';
import { createBatchClock } from '../../wire/ring/batch-clock.ts';
import { openRing } from '../../wire/ring/open-ring.ts';
import type { ReadRing } from '../../wire/ring/read-ring.ts';
import { DEADLINE_MILLIS, openDriverClient, openWsClient } from '../bench-clients.ts';
import { cpuMicrosSince, obeyOrders } from '../subject-process.ts';

export type ReceiveOrder =
  | { readonly kind: 'connect'; readonly port: number; readonly tlsPort: number; readonly clients: number }
  | { readonly kind: 'begin'; readonly framesPerTick: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'judge'; readonly events: number };

export interface ReceiveResult {
  readonly cpuMicros: number;
  readonly deliveries: number;
  readonly reads: number;
}

export type ReceiveVerdict = Pick<
  LedgerBalance,
  'balanced' | 'lost' | 'received' | 'duplicated' | 'corrupted'
> & { readonly judgedSingly: number };

export type ReceiveSubject =
  | 'ledger'
  | 'ring'
  | 'net'
  | `${'ws-' | ''}${'tls' | 'deflate' | 'takeover'}`
  | 'ws';

const subject = (process.argv[2] ?? 'ledger') as ReceiveSubject;
const isTls = subject.endsWith('tls');
const isCompressed = subject.endsWith('deflate') || subject.endsWith('takeover');
const ledgers: ClientLedger[] = [];
let control: Socket;
let clientCount = 0;
let deliveries = 0;
let reads = 0;
let deliveriesPerTick = Number.POSITIVE_INFINITY;
let tickEnd = Number.POSITIVE_INFINITY;
let begun = process.cpuUsage();

function count(messages: number): void {
  deliveries += messages;
  if (deliveries < tickEnd) return;
  tickEnd += deliveriesPerTick;
  control.write('.');
}

/**
 * Reads are counted where the clock is read (through a ring: the batches), and deliveries once for all that one turn of the event loop brought, so
 * that between the socket and the ledger there is nothing that the load driver does not have.
 */
function createCountingClock(recorder: DeliveryRecorder): Clock {
  let isLooking = false;
  let counted = 0;
  function look(): void {
    isLooking = false;
    const more = recorder.deliveries - counted;
    counted += more;
    count(more);
  }
  return {
    ...systemClock,
    nowMicros() {
      reads++;
      if (!isLooking) {
        isLooking = true;
        setImmediate(look);
      }
      return systemClock.nowMicros();
    },
  };
}

async function connectLedgers(url: string, clients: number): Promise<void> {
  const log = createEventLog({ runId: 'bench' });
  const recorder = createDeliveryRecorder();
  const ring = subject === 'ring' ? mustOpenRing() : undefined;
  const counting = createCountingClock(recorder);
  const clock = ring === undefined ? counting : createBatchClock(counting, ring);
  for (let opened = 0; opened < clients; opened++) {
    await openDriverClient({
      url,
      tls: { isInsecure: true },
      offersDeflate: isCompressed,
      ring,
      clock,
      createReceiver(listener) {
        const ledger = createClientLedger(log, recorder, listener);
        ledgers.push(ledger);
        return ledger;
      },
    });
  }
}

function mustOpenRing(): ReadRing {
  const ring = openRing();
  if (!ring.ok) throw new Error(ring.problem);
  return ring.value;
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

async function connectCounters(url: string, clients: number): Promise<void> {
  for (let opened = 0; opened < clients; opened++) {
    const countFrames = createFrameCounter();
    const listener = {
      onBytes: (buffer: Buffer, start: number, end: number) => {
        reads++;
        count(countFrames(buffer, start, end));
      },
      onClosed() {},
    };
    const attempt = await openConnection({
      url,
      clock: systemClock,
      listener,
      deadlineMillis: DEADLINE_MILLIS,
    });
    if (!attempt.ok) throw new Error(attempt.problem);
  }
}

async function connectWs(url: string, clients: number): Promise<void> {
  for (let opened = 0; opened < clients; opened++)
    await openWsClient(
      url,
      () => count(1),
      () => {},
      isCompressed,
    );
}

function connectClients(url: string, clients: number): Promise<void> {
  if (subject === 'net') return connectCounters(url, clients);
  return subject.startsWith('ws') ? connectWs(url, clients) : connectLedgers(url, clients);
}

async function open(port: number, tlsPort: number, clients: number): Promise<object> {
  clientCount = clients;
  control = connect(port, '127.0.0.1');
  control.setNoDelay(true);
  control.write(`ACK /${subject}\n`);
  const url = isTls ? `wss://127.0.0.1:${tlsPort}` : `ws://127.0.0.1:${port}`;
  await connectClients(`${url}/${subject}`, clients);
  return { connected: clients };
}

function begin(framesPerTick: number): object {
  deliveries = 0;
  reads = 0;
  deliveriesPerTick = clientCount * framesPerTick;
  tickEnd = deliveriesPerTick;
  begun = process.cpuUsage();
  return { begun: true };
}

function judge(events: number): ReceiveVerdict {
  const entries = ledgers.map((ledger) => ({ snapshot: ledger.snapshot(), outcome: 'open' as const }));
  const { balanced, lost, received, duplicated, corrupted } = foldLedger(entries, {
    first: 0,
    last: events - 1,
    owedFrom: 0,
  });
  const judgedSingly = entries.reduce((sum, { snapshot }) => sum + snapshot.judgedSingly, 0);
  return { balanced, lost, received, duplicated, corrupted, judgedSingly };
}

obeyOrders<ReceiveOrder>((order) => {
  switch (order.kind) {
    case 'connect':
      return open(order.port, order.tlsPort, order.clients);
    case 'begin':
      return begin(order.framesPerTick);
    case 'end': {
      const result: ReceiveResult = { cpuMicros: cpuMicrosSince(begun), deliveries, reads };
      return result;
    }
    case 'judge':
      return judge(order.events);
  }
});
