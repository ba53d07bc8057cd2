// The hub's state machine against a model of the protocol, over random interleavings of connecting, leaving,
// broadcasting, kernels that take a little, everything or nothing, and turns of the run loop.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubCore, type Member } from './core.ts';
import type { OutboxPort } from './outbox.ts';

/** A kernel that takes as many messages as it is told to. */
class SimulatedKernel implements OutboxPort {
  readonly taken: Buffer[] = [];
  private inFlight: Buffer[] = [];
  /** Messages it takes at once when written to. */
  appetite = 0;
  member: Member | undefined;
  isEvicted = false;

  write(frames: readonly Buffer[], joined?: Buffer): void {
    if (this.inFlight.length > 0) throw new Error('a write while another is in flight');
    if (joined) expect(joined.equals(Buffer.concat(frames))).toBe(true);
    this.inFlight = [...frames];
    this.take(this.appetite);
  }

  inFlightMessages(): number {
    return this.inFlight.length;
  }

  take(messages: number): void {
    this.taken.push(...this.inFlight.splice(0, messages));
  }

  /** Takes messages and tells the outbox when its write is done, as a socket does. */
  drain(messages: number): void {
    for (let left = messages; left > 0 && this.inFlight.length > 0; ) {
      const step = Math.min(left, this.inFlight.length);
      this.take(step);
      left -= step;
      if (this.inFlight.length === 0) this.member?.outbox.onTaken();
    }
  }
}

interface ModelClient {
  readonly kernel: SimulatedKernel;
  /** Sequences owed, from its joining on. */
  readonly from: number;
  hasLeft: boolean;
  owedUntil: number | undefined;
}

class Bench {
  readonly core: HubCore;
  readonly clients: ModelClient[] = [];
  readonly acceptedOrder: number[] = [];
  published = 0;
  producers = 0;

  readonly clientBuffer: number;
  constructor(clientBuffer: number, broadcastBuffer: number) {
    this.clientBuffer = clientBuffer;
    this.core = new HubCore({ clientBufferMessages: clientBuffer, broadcastBufferEvents: broadcastBuffer });
  }

  connect(appetite: number): void {
    const kernel = new SimulatedKernel();
    kernel.appetite = appetite;
    const client: ModelClient = { kernel, from: this.core.broadcasts, hasLeft: false, owedUntil: undefined };
    kernel.member = this.core.join(kernel, () => {
      kernel.isEvicted = true;
    });
    this.clients.push(client);
  }

  publish(events: number): void {
    const producer = this.producers++;
    const frames = Array.from({ length: events }, () => Buffer.from(`${this.published++};`));
    this.core.publish(frames, () => this.acceptedOrder.push(producer));
  }

  leave(index: number): void {
    const client = this.clients[index % Math.max(1, this.clients.length)];
    if (!client?.kernel.member || client.hasLeft || client.kernel.isEvicted) return;
    this.core.leave(client.kernel.member);
    client.hasLeft = true;
    client.owedUntil = this.core.broadcasts;
  }

  check(): void {
    for (const { kernel, from, hasLeft } of this.clients) {
      const sequences = kernel.taken.map((frame) => Number(frame.toString().slice(0, -1)));
      expect(sequences).toEqual(sequences.map((_, index) => from + index)); // one contiguous prefix, in order
      const outstanding = kernel.member?.outbox.outstandingMessages ?? 0;
      expect(outstanding).toBeLessThanOrEqual(this.clientBuffer + 1);
      if (!hasLeft && !kernel.isEvicted)
        expect(sequences.length + outstanding).toBe(this.core.broadcasts - from);
      // Eviction happens only to a client with everything outstanding that fits.
      if (kernel.isEvicted && outstanding === 0) expect(sequences.length).toBeGreaterThan(this.clientBuffer);
    }
    expect(this.acceptedOrder).toEqual(this.acceptedOrder.map((_, index) => index));
  }
}

const action = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('connect' as const), n: fc.constantFrom(0, 1, 5, 1_000) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('publish' as const), n: fc.integer({ min: 1, max: 40 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('turn' as const), n: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('drain' as const),
      n: fc.integer({ min: 0, max: 9 }),
      messages: fc.integer({ min: 1, max: 80 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('leave' as const), n: fc.integer({ min: 0, max: 9 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('appetite' as const),
      n: fc.integer({ min: 0, max: 9 }),
      messages: fc.constantFrom(0, 1, 3, 1_000),
    }),
  },
);

describe('HubCore', () => {
  it('keeps order, prefixes, limits and every accepted event, whatever happens', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 60 }),
        fc.array(action, { maxLength: 80 }),
        (buffer, queue, actions) => {
          const bench = new Bench(buffer, queue);
          for (const step of actions) {
            const client = bench.clients[step.n % Math.max(1, bench.clients.length)];
            if (step.kind === 'connect') bench.connect(step.n);
            else if (step.kind === 'publish') bench.publish(step.n);
            else if (step.kind === 'turn') for (let i = 0; i < step.n; i++) bench.core.turn();
            else if (step.kind === 'leave') bench.leave(step.n);
            else if (step.kind === 'drain') client?.kernel.drain(step.messages);
            else if (client) client.kernel.appetite = step.messages;
            bench.check();
            expect(bench.core.queuedEvents).toBeLessThanOrEqual(queue);
          }
          while (bench.core.turn()) bench.check();
          expect(bench.core.broadcasts).toBe(bench.published);
          expect(bench.core.waitingProducers).toBe(0);
          for (const { kernel } of bench.clients) kernel.drain(10_000);
          bench.check();
          for (const { kernel, from, hasLeft } of bench.clients) {
            if (!hasLeft && !kernel.isEvicted) expect(kernel.taken.length).toBe(bench.published - from);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([1, 8, 64])(
    'keeps the client with %i + 1 messages outstanding and evicts it at the next',
    (buffer) => {
      for (const batch of [1, 7, 1_000]) {
        const bench = new Bench(buffer, 10_000);
        bench.connect(0);
        const [client] = bench.clients;
        for (let sent = 0; sent < buffer + 1; ) {
          const events = Math.min(batch, buffer + 1 - sent);
          bench.publish(events);
          while (bench.core.turn());
          sent += events;
        }
        expect(client?.kernel.isEvicted).toBe(false);
        bench.publish(1);
        while (bench.core.turn());
        expect(client?.kernel.isEvicted).toBe(true);
        client?.kernel.drain(10_000);
        expect(client?.kernel.taken.length).toBe(buffer + 1);
      }
    },
  );

  it('makes producers wait in order while the queue is full, and loses none of their events', () => {
    const bench = new Bench(64, 4);
    bench.connect(1_000);
    for (const events of [3, 5, 1]) bench.publish(events);
    expect(bench.acceptedOrder).toEqual([0]);
    expect(bench.core.waitingProducers).toBe(2);
    while (bench.core.turn());
    expect(bench.acceptedOrder).toEqual([0, 1, 2]);
    expect(bench.clients[0]?.kernel.taken.length).toBe(9);
  });
});
