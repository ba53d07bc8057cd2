// The clients of the isolation bench: fast ones that verify and measure, and stalled ones that connect and are evicted.
// A stalled client never reads; liveness probes show when the hub has closed its socket.
import type { ListeningClient } from '../../client/listening-client.ts';
import { createClientLedger } from '../../ledger/client/client-ledger.ts';
import { createEventLog } from '../../ledger/events/event-log.ts';
import { createDeliveryRecorder } from '../../ledger/latency/delivery-recorder.ts';
import { type EncodedHistogram, mergeHistograms } from '../../ledger/latency/latency-histogram.ts';
import { systemClock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { DEADLINE_MILLIS, openDriverClient, openMany } from '../bench-clients.ts';
import { obeyOrders } from '../subject-process.ts';

export type IsolationOrder =
  | { readonly kind: 'connect'; readonly port: number; readonly fast: number }
  | { readonly kind: 'stall'; readonly stalled: number }
  /** Answered once that many deliveries were verified since the last such order. */
  | { readonly kind: 'await'; readonly deliveries: number }
  /** Answered once the hub has closed every stalled client. */
  | { readonly kind: 'await-evicted' };

export interface IsolationResult {
  /** Of the deliveries of the last `await`, from due to received. */
  readonly p99Micros: number;
  readonly stalledEnded: number;
}

const CONNECTS_AT_A_TIME = 50;
const POLL_MILLIS = 5;

const log = createEventLog({ runId: 'bench' });
const recorder = createDeliveryRecorder();
const unheard = createDeliveryRecorder();
const fast: ListeningClient[] = [];
let stalled: ListeningClient[] = [];
let url = '';

function openClients(count: number, isFast: boolean): Promise<ListeningClient[]> {
  return openMany(count, CONNECTS_AT_A_TIME, () =>
    openDriverClient({
      url,
      behaviour: isFast ? { kind: 'fast' } : { kind: 'stall', afterMessages: 0 },
      clock: systemClock,
      isProber: true,
      createReceiver: (listener) => createClientLedger(log, isFast ? recorder : unheard, listener),
    }),
  );
}

function result(p99Micros = 0): IsolationResult {
  return { p99Micros, stalledEnded: stalled.filter(({ isOpen }) => !isOpen).length };
}

function countsOf({ buckets }: EncodedHistogram): Map<number, number> {
  const counts = new Map<number, number>();
  let bucket = 0;
  for (let at = 0; at + 1 < buckets.length; at += 2) {
    bucket += buckets[at] ?? 0;
    counts.set(bucket, buckets[at + 1] ?? 0);
  }
  return counts;
}

/** What was recorded between two states of one histogram. */
function difference(before: EncodedHistogram, after: EncodedHistogram): EncodedHistogram {
  const earlier = countsOf(before);
  const buckets: number[] = [];
  let last = 0;
  for (const [bucket, count] of countsOf(after)) {
    const more = count - (earlier.get(bucket) ?? 0);
    if (more === 0) continue;
    buckets.push(bucket - last, more);
    last = bucket;
  }
  return { ...after, buckets };
}

let seen = recorder.snapshot();

async function awaitDeliveries(count: number): Promise<IsolationResult> {
  const wanted = seen.deliveries + count;
  const giveUpMicros = systemClock.nowMicros() + DEADLINE_MILLIS * 1e3;
  while (recorder.deliveries < wanted) {
    if (fast.some(({ isOpen }) => !isOpen)) throw new Error('a fast client was disconnected');
    if (systemClock.nowMicros() > giveUpMicros)
      throw new Error(`${recorder.deliveries} of ${wanted} deliveries came within ${DEADLINE_MILLIS} ms`);
    await pause(systemClock, POLL_MILLIS);
  }
  const now = recorder.snapshot();
  const latency = mergeHistograms([difference(seen.latency, now.latency)]);
  seen = now;
  return result(latency.percentile(0.99));
}

async function awaitEvicted(): Promise<IsolationResult> {
  const giveUpMicros = systemClock.nowMicros() + DEADLINE_MILLIS * 1e3;
  while (stalled.some(({ isOpen }) => isOpen)) {
    if (systemClock.nowMicros() > giveUpMicros) throw new Error('stalled clients are still connected');
    await pause(systemClock, POLL_MILLIS);
  }
  return result();
}

obeyOrders<IsolationOrder>(async (order) => {
  switch (order.kind) {
    case 'connect':
      url = `ws://127.0.0.1:${order.port}/ws`;
      fast.push(...(await openClients(order.fast, true)));
      return result();
    case 'stall':
      stalled = await openClients(order.stalled, false);
      return result();
    case 'await':
      return awaitDeliveries(order.deliveries);
    case 'await-evicted':
      return awaitEvicted();
  }
});
