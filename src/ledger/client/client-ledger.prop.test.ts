// Any number of clients, any hub, any chunks in any order: the account of each client is the truth about its stream.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deflateWith } from '../../testing/explored/deflate-with-window.ts';
import { compress } from '../../testing/hub/compression.ts';
import {
  type Compressor,
  clientSteps,
  dueMicrosOf,
  piecesOf,
  SIMULATED_RUN,
  type StreamPiece,
  type StreamStep,
} from '../../testing/simulated/simulated-stream.ts';
import { createEventLog, type FrameLog } from '../events/event-log.ts';
import { createDeliveryRecorder } from '../latency/delivery-recorder.ts';
import { createLatencyHistogram, mergeHistograms } from '../latency/latency-histogram.ts';
import type { ClientLedger } from '../ledger.ts';
import { createClientLedger } from './client-ledger.ts';

interface Client {
  readonly stream: Buffer;
  readonly ledger: ClientLedger;
  readonly recorder: ReturnType<typeof createDeliveryRecorder>;
  /** Where each chunk ended, and when it came. */
  readonly arrivals: { readonly end: number; readonly micros: number }[];
  at: number;
}

function openClient(
  log: FrameLog,
  stream: Buffer,
  compression?: string,
  recorder = createDeliveryRecorder(),
): Client {
  const ledger = createClientLedger(log, recorder);
  if (compression !== undefined) ledger.onCompression(compression);
  return { stream, recorder, ledger, arrivals: [], at: 0 };
}

/** Some messages go as they are. */
const isCompressed = (payload: Buffer) => payload.length % 3 !== 0;
const WITHOUT_CONTEXT: Compressor = (payload) => (isCompressed(payload) ? compress(payload) : undefined);

function withContext(): Compressor {
  let window: Buffer | undefined;
  return (payload) => {
    if (!isCompressed(payload)) return undefined;
    const made = deflateWith(payload, window);
    window = made.window;
    return made.compressed;
  };
}

/** Feeds the next chunk out of a buffer that is dirty before and after it, and again afterwards. */
function feedChunk(client: Client, chunkBytes: number, micros: number): void {
  const end = Math.min(client.stream.length, client.at + chunkBytes);
  const shared = Buffer.alloc(end - client.at + 6, 0x2a);
  client.stream.copy(shared, 3, client.at, end);
  client.ledger.onBytes(shared, 3, shared.length - 3, micros);
  shared.fill(0x2a);
  client.at = end;
  client.arrivals.push({ end, micros });
}

/** Chunks of all clients in the order that `turns` says, round robin when it is used up; so many at a time of the clock. */
function feedAll(
  clients: readonly Client[],
  turns: readonly { client: number; chunkBytes: number }[],
  chunksAtOnce = 1,
): void {
  let chunks = 0;
  const now = () => 10_000 + Math.floor(chunks++ / chunksAtOnce);
  const last = turns.at(-1)?.chunkBytes ?? 1_000;
  for (const turn of turns) {
    const client = clients[turn.client % clients.length] as Client;
    if (client.at < client.stream.length) feedChunk(client, turn.chunkBytes, now());
  }
  while (clients.some((client) => client.at < client.stream.length)) {
    for (const client of clients) if (client.at < client.stream.length) feedChunk(client, last, now());
  }
}

/** What a ledger must say of these pieces: sets and loops, no bytes. */
function truthOf(pieces: readonly StreamPiece[], arrivals: Client['arrivals']) {
  const received = new Set<number>();
  const latency = createLatencyHistogram();
  const faults: Record<string, number> = {};
  const sums = { messages: 0, corrupted: 0, foreign: 0, duplicated: 0, reordered: 0 };
  let bytes = 0;
  for (const piece of pieces) {
    bytes += piece.bytes.length;
    sums.messages += piece.messages;
    sums.corrupted += piece.corrupted;
    sums.foreign += piece.foreign;
    for (const fault of piece.faults) faults[fault] = (faults[fault] ?? 0) + 1;
    for (const sequence of piece.sequences) {
      const arrival = arrivals.find(({ end }) => end >= bytes);
      if (received.has(sequence)) sums.duplicated++;
      else latency.record((arrival?.micros ?? 0) - dueMicrosOf(sequence));
      if (!received.has(sequence) && sequence < Math.max(-1, ...received)) sums.reordered++;
      received.add(sequence);
    }
  }
  const first = received.size === 0 ? undefined : Math.min(...received);
  const next = received.size === 0 ? undefined : Math.max(...received) + 1;
  const missing = (next ?? 0) - (first ?? 0) - received.size;
  return { ...sums, first, next, received: received.size, missing, faults, latency: latency.encode() };
}

function accountOf({ ledger, recorder }: Client) {
  const account = ledger.snapshot();
  return {
    messages: ledger.receivedMessages,
    corrupted: account.corrupted,
    foreign: account.foreign,
    duplicated: account.duplicated,
    reordered: account.reordered,
    first: account.firstSequence,
    next: account.nextSequence,
    received: account.received,
    missing: account.missing,
    faults: Object.fromEntries(account.faults.map(({ kind, count }) => [kind, count])),
    latency: recorder.snapshot().latency,
  };
}

const logSizes = fc.constantFrom(
  { ringBytes: 1_024, maxEvents: 16 },
  { ringBytes: 4_096, maxEvents: 1_000 },
  { ringBytes: 1_048_576, maxEvents: 1_000 },
);

function turns(chunkBytes: fc.Arbitrary<number>) {
  return fc.array(fc.record({ client: fc.nat(3), chunkBytes }), { minLength: 1, maxLength: 300 });
}

/** Clients that are each sent something else, or all the same from where they join. */
function hubs(events: number, bigCharacters: number): fc.Arbitrary<readonly (readonly StreamStep[])[]> {
  const steps = clientSteps(events, bigCharacters);
  const same = fc
    .tuple(steps, fc.array(fc.nat(4), { minLength: 2, maxLength: 4 }))
    .map(([sent, joins]) => joins.map((join) => sent.slice(join)));
  return fc.oneof(same, fc.array(steps, { minLength: 1, maxLength: 4 }));
}

const scenes = fc
  .record({ events: fc.integer({ min: 4, max: 30 }), isBig: fc.boolean() })
  .chain(({ events, isBig }) =>
    fc.record({
      log: logSizes,
      clients: hubs(events, isBig ? 66_000 : 300),
      turns: turns(isBig ? fc.integer({ min: 500, max: 70_000 }) : fc.integer({ min: 1, max: 900 })),
    }),
  );

describe('the ledger of each client', () => {
  it('tells the truth whatever the hub sends, however it is cut, whoever reads first', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const log = createEventLog({ runId: SIMULATED_RUN, ...scene.log });
        const pieces = scene.clients.map((steps) => steps.flatMap((step) => piecesOf(step)));
        const clients = pieces.map((of) => openClient(log, Buffer.concat(of.map(({ bytes }) => bytes))));
        feedAll(clients, scene.turns);
        for (const [at, client] of clients.entries()) {
          expect(accountOf(client)).toEqual(truthOf(pieces[at] ?? [], client.arrivals));
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['without', 'permessage-deflate; server_no_context_takeover', () => WITHOUT_CONTEXT],
    ['with', 'permessage-deflate', withContext],
  ])('tells it of compressed streams %s context takeover', (_title, answer, compressor) => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const log = createEventLog({ runId: SIMULATED_RUN, ...scene.log });
        const pieces = scene.clients.map((steps) => {
          const compressed = compressor();
          return steps.flatMap((step) => piecesOf(step, compressed));
        });
        const clients = pieces.map((of) =>
          openClient(log, Buffer.concat(of.map(({ bytes }) => bytes)), answer),
        );
        feedAll(clients, scene.turns);
        for (const [at, client] of clients.entries()) {
          expect(accountOf(client)).toEqual(truthOf(pieces[at] ?? [], client.arrivals));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('tells it of clients that are read at the same time, and all latencies of their cohort', () => {
    fc.assert(
      fc.property(scenes, fc.integer({ min: 2, max: 40 }), (scene, chunksAtOnce) => {
        const log = createEventLog({ runId: SIMULATED_RUN, ...scene.log });
        const recorder = createDeliveryRecorder();
        const pieces = scene.clients.map((steps) => steps.flatMap((step) => piecesOf(step)));
        const clients = pieces.map((of) =>
          openClient(log, Buffer.concat(of.map(({ bytes }) => bytes)), undefined, recorder),
        );
        feedAll(clients, scene.turns, chunksAtOnce);
        const latencies = [];
        for (const [at, client] of clients.entries()) {
          const { latency, ...truth } = truthOf(pieces[at] ?? [], client.arrivals);
          const { latency: _, ...account } = accountOf(client);
          expect(account).toEqual(truth);
          latencies.push(latency);
        }
        expect(recorder.snapshot().latency).toEqual(mergeHistograms(latencies).encode());
      }),
      { numRuns: 150 },
    );
  });

  it('tells the truth when a stream is cut at every byte', () => {
    fc.assert(
      fc.property(clientSteps(8, 140), clientSteps(8, 140), (one, other) => {
        const log = createEventLog({ runId: SIMULATED_RUN, ringBytes: 2_048 });
        const pieces = [one, other].map((steps) => steps.flatMap((step) => piecesOf(step)));
        const clients = pieces.map((of) => openClient(log, Buffer.concat(of.map(({ bytes }) => bytes))));
        feedAll(clients, [{ client: 0, chunkBytes: 1 }]);
        for (const [at, client] of clients.entries()) {
          expect(accountOf(client)).toEqual(truthOf(pieces[at] ?? [], client.arrivals));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('judges damaged bytes as it would alone, whatever the others read and however they are cut', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 });
    fc.assert(
      fc.property(scenes, damage, ({ clients: steps, turns: order, log: sizes }, flips) => {
        const streams = steps.map((of) =>
          Buffer.concat(of.flatMap((step) => piecesOf(step)).map(({ bytes }) => bytes)),
        );
        for (const [at, [where, byte]] of flips.entries()) {
          const stream = streams[at % streams.length] as Buffer;
          if (stream.length > 0) stream[where % stream.length] = byte;
        }
        const log = createEventLog({ runId: SIMULATED_RUN, ...sizes });
        const together = streams.map((stream) => openClient(log, stream));
        feedAll(together, order);
        for (const client of together) {
          const alone = openClient(createEventLog({ runId: SIMULATED_RUN }), client.stream);
          if (alone.stream.length > 0) feedChunk(alone, alone.stream.length, 1);
          const { latency: _, ...account } = accountOf(client);
          const { latency: __, ...expected } = accountOf(alone);
          client.ledger.onEnd();
          alone.ledger.onEnd();
          expect(account).toEqual(expected);
          expect(client.ledger.snapshot().isTorn).toBe(alone.ledger.snapshot().isTorn);
        }
      }),
      { numRuns: 300 },
    );
  });
});
