// Ledger, comparison and histogram: what a verified delivery is made of.
import { createHistogram } from 'node:perf_hooks';
import { createClientLedger } from '../../ledger/client/client-ledger.ts';
import { ByteRing } from '../../ledger/events/byte-ring.ts';
import { createEventLog } from '../../ledger/events/event-log.ts';
import { createDeliveryRecorder } from '../../ledger/latency/delivery-recorder.ts';
import { createLatencyHistogram } from '../../ledger/latency/latency-histogram.ts';
import { FRAMES, READ } from './event-frames.ts';
import type { HotFunction } from './hot-function.ts';

const CLIENTS = 500;

/** One verified delivery: a read of one frame by each of many clients in turn. */
export function ledger(): HotFunction {
  const recorder = createDeliveryRecorder();
  return {
    name: 'ledger, a delivery',
    ours(count) {
      const log = createEventLog({ runId: 'bench' });
      const clients = Array.from({ length: CLIENTS }, () => createClientLedger(log, recorder));
      const perClient = Math.max(1, Math.round(count / CLIENTS));
      for (let sequence = 0; sequence < perClient; sequence++) {
        const frame = FRAMES[sequence % FRAMES.length] as Buffer;
        // After one round of the frames sequences would repeat; a new log begins.
        if (sequence > 0 && sequence % FRAMES.length === 0) return sequence * CLIENTS;
        for (const client of clients) client.onBytes(frame, 0, frame.length, sequence * 10 + 500);
      }
      return perClient * CLIENTS;
    },
    baseline: 'JSON.parse and look',
    theirs(count) {
      const next = new Map(Array.from({ length: CLIENTS }, (_, client) => [client, 0]));
      const latency = createHistogram();
      for (let made = 0; made < count; made++) {
        const client = made % CLIENTS;
        const frame = FRAMES[Math.floor(made / CLIENTS) % FRAMES.length] as Buffer;
        const envelope = JSON.parse(frame.toString('utf8', 4)) as { readonly payload: object };
        if (envelope.payload === undefined) throw new Error('no payload');
        next.set(client, (next.get(client) ?? 0) + 1);
        latency.record(500);
      }
      return count;
    },
    atMost: 0.5,
    failsAt: 1.5,
  };
}

/** Whether bytes are those that come next in the log. */
export function comparison(): HotFunction {
  const ring = new ByteRing(1 << 20);
  ring.append(READ);
  const frame = FRAMES[5] as Buffer;
  const offset = FRAMES.slice(0, 5).reduce((sum, { length }) => sum + length, 0);
  return {
    name: 'comparison, a frame',
    ours(count) {
      let equal = 0;
      for (let made = 0; made < count; made++) if (ring.equals(offset, frame, 0, frame.length)) equal++;
      return equal;
    },
    baseline: 'subarray().equals()',
    theirs(count) {
      let equal = 0;
      for (let made = 0; made < count; made++)
        if (READ.subarray(offset, offset + frame.length).equals(frame.subarray(0, frame.length))) equal++;
      return equal;
    },
    atMost: 1,
    failsAt: 3,
  };
}

/** Records one latency. */
export function histogram(): HotFunction {
  const ours = createLatencyHistogram();
  const theirs = createHistogram();
  return {
    name: 'histogram, a value',
    ours(count) {
      for (let made = 0; made < count; made++) ours.record((made * 7919) % 1_000_000);
      return count;
    },
    baseline: 'histogram of Node',
    theirs(count) {
      for (let made = 0; made < count; made++) theirs.record(((made * 7919) % 1_000_000) + 1);
      return count;
    },
    atMost: 0.5,
    failsAt: 1.5,
  };
}
