// The hot functions one by one, in this process, each against what one would use in its place: which of them got slower
// when a bench of the whole says that something did.
import { createHistogram } from 'node:perf_hooks';
import * as ws from 'ws';
import { createDeferredQueue } from '../../hub/client/deferred-writes.ts';
import { createClientLedger } from '../../ledger/client/client-ledger.ts';
import { ByteRing } from '../../ledger/events/byte-ring.ts';
import { createEventLog } from '../../ledger/events/event-log.ts';
import { FrameStream } from '../../ledger/events/frame-stream.ts';
import type { FrameSink } from '../../ledger/events/message-assembler.ts';
import { createDeliveryRecorder } from '../../ledger/latency/delivery-recorder.ts';
import { createLatencyHistogram } from '../../ledger/latency/latency-histogram.ts';
import { stampEvent } from '../../protocol/content-check.ts';
import { judgeOrigin } from '../../protocol/origin-rule.ts';
import { encodeServerText } from '../../wire/frame-writer.ts';
import type { Bar, Bench, BenchRow } from '../bench.ts';
import { compareTurns, takeTurns } from '../rounds.ts';
import { cpuMicrosSince } from '../subject-process.ts';

const TURN_CALLS = 400_000;
const SHORT_TURN_CALLS = 100_000;
const CLIENTS = 500;
const EVENTS = 64;
const DEFERRED_WRITES = 20_000;
const DEFERRED_PER_TURN = 16;

/** Makes about `count` calls and answers how many it made. */
type Repeat = (count: number) => number;

interface HotFunction {
  readonly name: string;
  readonly ours: Repeat;
  readonly baseline: string;
  readonly theirs: Repeat;
  /** Of the CPU time of a call. They hold what is, for this bench to notice a change; they are no bars of the product. */
  readonly atMost: number;
  readonly failsAt: number;
}

export const hotFunctionsBench: Bench = {
  name: 'hot-functions',
  title: 'hot functions in isolation, each against what one would use in its place',
  async run({ rounds, isShort }) {
    const calls = isShort ? SHORT_TURN_CALLS : TURN_CALLS;
    const rows: BenchRow[] = [];
    for (const make of [frameReader, ledger, comparison, histogram, originRule, deferredWrites]) {
      const { name, ours, baseline, theirs, atMost, failsAt } = make();
      const turns = await takeTurns(rounds, [
        () => nanosPerCall(ours, calls),
        () => nanosPerCall(theirs, calls),
      ]);
      const [our = [], their = []] = turns;
      const bar: Bar = { sense: 'at-most', ratio: atMost, failsAt };
      rows.push(compareTurns({ name, values: our }, { name: baseline, values: their }, 'CPU ns/call', bar));
    }
    return { rows, notes: [] };
  },
};

function nanosPerCall(repeat: Repeat, count: number): number {
  const begun = process.cpuUsage();
  const made = repeat(count);
  return (cpuMicrosSince(begun) * 1e3) / made;
}

function eventFrame(sequence: number): Buffer {
  const payload = {
    step: 'build',
    sagaId: `saga-${sequence >> 1}`,
    status: sequence % 2 ? 'complete' : 'running',
  };
  const probe = { runId: 'bench', sequence, dueMicros: sequence * 10 };
  return encodeServerText(Buffer.from(stampEvent({ type: 'deploy.step', appId: 'myapp', payload }, probe)));
}

const FRAMES = Array.from({ length: EVENTS }, (_, sequence) => eventFrame(sequence));
const READ = Buffer.concat(FRAMES);

/** Finds the frames of one read, and hands each over. */
function frameReader(): HotFunction {
  let messages = 0;
  const sink: FrameSink = {
    onMessage() {
      messages++;
    },
    onControl() {},
    onFault(kind) {
      throw new Error(kind);
    },
  };
  const stream = new FrameStream(sink);
  const receiver = new (ws as unknown as WsInternals).Receiver({
    isServer: false,
    allowSynchronousEvents: true,
  });
  receiver.on('message', () => sink.onMessage(READ, 0, 0));
  const counted = (read: () => void) => (count: number) => {
    messages = 0;
    while (messages < count) read();
    return messages;
  };
  return {
    name: 'frame reader, a frame',
    ours: counted(() => {
      stream.feed(READ, 0, READ.length);
      while (stream.at < stream.end && stream.readFrame());
      stream.settle();
    }),
    baseline: 'Receiver of ws',
    theirs: counted(() => receiver.write(READ)),
    atMost: 0.2,
    failsAt: 1,
  };
}

interface WsInternals {
  readonly Receiver: new (options: object) => NodeJS.WritableStream;
}

/** One verified delivery: a read of one frame by each of many clients in turn. */
function ledger(): HotFunction {
  const recorder = createDeliveryRecorder();
  return {
    name: 'ledger, a delivery',
    ours(count) {
      const log = createEventLog({ runId: 'bench' });
      const clients = Array.from({ length: CLIENTS }, () => createClientLedger(log, recorder));
      const perClient = Math.max(1, Math.round(count / CLIENTS));
      for (let sequence = 0; sequence < perClient; sequence++) {
        const frame = FRAMES[sequence % EVENTS] as Buffer;
        // After one round of the frames sequences would repeat; a new log begins.
        if (sequence > 0 && sequence % EVENTS === 0) return sequence * CLIENTS;
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
        const frame = FRAMES[Math.floor(made / CLIENTS) % EVENTS] as Buffer;
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

/** Are these bytes what the log says comes next? */
function comparison(): HotFunction {
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
function histogram(): HotFunction {
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

/** Judges one Origin header. `new URL` is quicker, and wrong: it folds hosts that Go does not (protocol). */
function originRule(): HotFunction {
  const origins = [
    'http://localhost:5173',
    'https://evil.example',
    'http://127.0.0.1:3000',
    'http://[::1]:80',
  ];
  const local = new Set(['localhost', '127.0.0.1', '[::1]']);
  return {
    name: 'origin rule, a header',
    ours(count) {
      let allowed = 0;
      for (let made = 0; made < count; made++)
        if (judgeOrigin(origins[made & 3], ['http://localhost:3000']).isAllowed) allowed++;
      if (allowed === 0) throw new Error('no origin was allowed');
      return count;
    },
    baseline: 'new URL().hostname',
    theirs(count) {
      let allowed = 0;
      for (let made = 0; made < count; made++)
        if (local.has(new URL(origins[made & 3] ?? '').hostname)) allowed++;
      if (allowed === 0) throw new Error('no origin was allowed');
      return count;
    },
    atMost: 4,
    failsAt: 10,
  };
}

/** Defers and runs one of many writes that wait. A list that is cut and copied every turn is quadratic. */
function deferredWrites(): HotFunction {
  const run = (item: Buffer) => {
    if (item.length === 0) throw new Error('an empty write');
  };
  let runTurn: (() => void) | undefined;
  const nextTurn = (turn: () => void) => {
    runTurn = turn;
  };
  return {
    name: 'deferred write, one of 20,000',
    ours(count) {
      const queue = createDeferredQueue<Buffer>(DEFERRED_PER_TURN, run, nextTurn);
      for (let made = 0; made < count; made += DEFERRED_WRITES) {
        for (let added = 0; added < DEFERRED_WRITES; added++) queue.add(READ);
        while (!queue.isEmpty()) runTurn?.();
      }
      return Math.ceil(count / DEFERRED_WRITES) * DEFERRED_WRITES;
    },
    baseline: 'closures in a sliced array',
    theirs(count) {
      for (let made = 0; made < count; made += DEFERRED_WRITES) {
        let waiting: (() => void)[] = [];
        for (let added = 0; added < DEFERRED_WRITES; added++) waiting.push(() => run(READ));
        while (waiting.length > 0) {
          const now = waiting.slice(0, DEFERRED_PER_TURN);
          waiting = waiting.slice(DEFERRED_PER_TURN);
          for (const step of now) step();
        }
      }
      return Math.ceil(count / DEFERRED_WRITES) * DEFERRED_WRITES;
    },
    atMost: 0.3,
    failsAt: 0.7,
  };
}
