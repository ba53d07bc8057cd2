// The hub's state machine against a model of the protocol, over random interleavings of connecting, leaving,
// broadcasting, kernels that take a little, everything or nothing, and turns of the run loop.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelClient, SimulatedKernel } from '../../testing/simulated/simulated-kernel.ts';
import { HubCore } from './core.ts';

class Bench {
  readonly core: HubCore;
  readonly clients: ModelClient[] = [];
  readonly acceptedProducers: number[] = [];
  private readonly lastEventOfProducer: number[] = [];
  private published = 0;
  private readonly limit: number;
  private readonly capacity: number;

  constructor(clientBuffer: number, broadcastBuffer: number) {
    this.limit = clientBuffer + 1;
    this.capacity = broadcastBuffer;
    this.core = new HubCore({ clientBufferMessages: clientBuffer, broadcastBufferEvents: broadcastBuffer });
  }

  /** The queue is filled greedily, in order. */
  get accepted(): number {
    return Math.min(this.published, this.core.broadcasts + this.capacity);
  }

  connect(appetite: number): void {
    const client = new ModelClient(new SimulatedKernel(appetite), this.accepted);
    client.member = this.core.join(client.kernel, () => {
      client.isEvicted = true;
    });
    this.clients.push(client);
  }

  publish(events: number): void {
    const producer = this.lastEventOfProducer.length;
    const frames = Array.from({ length: events }, () => Buffer.from(`${this.published++};`));
    this.lastEventOfProducer.push(this.published);
    this.core.publish(frames, () => this.acceptedProducers.push(producer));
  }

  /** One turn, and the eviction rule: the event that would make one outstanding message too many evicts. */
  turn(): void {
    const before = this.clients.map(({ member }) => member.outbox.outstandingMessages);
    const isActive = this.clients.map((client) => client.isActive);
    const earlier = this.core.broadcasts;
    this.core.turn();
    for (const [index, client] of this.clients.entries()) {
      if (!isActive[index]) continue;
      const outstanding = before[index] as number;
      const owed = client.owed(this.core.broadcasts) - client.owed(earlier);
      expect(client.isEvicted).toBe(outstanding > 0 && outstanding + owed > this.limit);
      if (!client.isEvicted) continue;
      expect(client.member.outbox.outstandingMessages).toBe(this.limit);
      client.owedAtTheEnd = client.owed(earlier) + this.limit - outstanding;
    }
  }

  leave(client: ModelClient): void {
    if (!client.isActive) return;
    this.core.leave(client.member);
    client.owedAtTheEnd = client.owed(this.core.broadcasts);
  }

  drainCompletely(): void {
    while (this.core.queuedEvents > 0) this.turn();
    for (const { kernel, member } of this.clients) kernel.drain(100_000, member.outbox);
  }

  check(): void {
    const { core, capacity, accepted } = this;
    expect(core.queuedEvents).toBe(accepted - core.broadcasts);
    expect(core.queuedEvents).toBeLessThanOrEqual(capacity);
    expect(core.clients).toBe(this.clients.filter((client) => client.isActive).length);
    // Producers go on in the order they came, each as soon as its last event has a place.
    const done = this.lastEventOfProducer.filter((last) => last <= accepted).length;
    expect(this.acceptedProducers).toEqual(Array.from({ length: done }, (_, index) => index));
    for (const client of this.clients) this.checkClient(client);
  }

  /** One contiguous prefix of what it is owed, and nothing is unaccounted for. */
  private checkClient(client: ModelClient): void {
    const sequences = client.kernel.taken.map((frame) => Number.parseInt(frame.toString(), 10));
    expect(sequences).toEqual(sequences.map((_, index) => client.from + index));
    const outstanding = client.member.outbox.outstandingMessages;
    expect(outstanding).toBeLessThanOrEqual(this.limit);
    expect(client.member.outbox.deliveredMessages).toBe(sequences.length);
    expect(sequences.length + outstanding).toBe(client.owedAtTheEnd ?? client.owed(this.core.broadcasts));
  }
}

const step = fc.record({
  kind: fc.oneof(
    { weight: 2, arbitrary: fc.constant('connect') },
    { weight: 5, arbitrary: fc.constant('publish') },
    { weight: 5, arbitrary: fc.constant('turn') },
    { weight: 5, arbitrary: fc.constant('drain') },
    { weight: 1, arbitrary: fc.constant('leave') },
    { weight: 2, arbitrary: fc.constant('appetite') },
  ),
  who: fc.nat({ max: 9 }),
  amount: fc.oneof(fc.constantFrom(0, 1), fc.nat({ max: 80 })),
});

describe('HubCore', () => {
  it('keeps order, prefixes, limits, producers and every accepted event, whatever happens', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 60 }),
        fc.array(step, { maxLength: 80 }),
        (buffer, queue, steps) => {
          const bench = new Bench(buffer, queue);
          for (const { kind, who, amount } of steps) {
            const client = bench.clients[who % Math.max(1, bench.clients.length)];
            if (kind === 'connect') bench.connect(amount > 40 ? 1_000 : amount);
            else if (kind === 'publish') bench.publish(amount);
            else if (kind === 'turn') bench.turn();
            else if (client && kind === 'leave') bench.leave(client);
            else if (client && kind === 'drain') client.kernel.drain(amount, client.member.outbox);
            else if (client) client.kernel.appetite = amount;
            bench.check();
          }
          bench.drainCompletely();
          bench.check();
          expect(bench.core.waitingProducers).toBe(0);
        },
      ),
      { numRuns: 4_000 },
    );
  });

  it.each([1, 8, 64])(
    'keeps the client with %i + 1 messages outstanding, evicts it at the next, and lets it have all before',
    (buffer) => {
      for (const batch of [1, 7, 1_000]) {
        const bench = new Bench(buffer, 10_000);
        bench.connect(0);
        for (let sent = 0; sent < buffer + 1; sent += Math.min(batch, buffer + 1 - sent)) {
          bench.publish(Math.min(batch, buffer + 1 - sent));
          while (bench.core.queuedEvents > 0) bench.turn();
        }
        expect(bench.clients[0]?.isEvicted).toBe(false);
        bench.publish(1);
        bench.turn();
        expect(bench.clients[0]?.isEvicted).toBe(true);
        bench.drainCompletely();
        expect(bench.clients[0]?.kernel.taken.length).toBe(buffer + 1);
      }
    },
  );

  it('owes a client that joins behind a full queue nothing of it, and everything after', () => {
    const bench = new Bench(64, 300);
    bench.connect(1_000);
    bench.publish(100);
    bench.turn();
    bench.connect(1_000);
    bench.publish(5);
    bench.drainCompletely();
    bench.check();
    expect(bench.clients.map(({ kernel }) => kernel.taken.length)).toEqual([105, 5]);
  });

  it('makes producers wait in order while the queue is full, and loses none of their events', () => {
    const bench = new Bench(64, 4);
    bench.connect(1_000);
    for (const events of [3, 5, 1]) bench.publish(events);
    expect(bench.acceptedProducers).toEqual([0]);
    expect(bench.core.waitingProducers).toBe(2);
    bench.drainCompletely();
    expect(bench.acceptedProducers).toEqual([0, 1, 2]);
    expect(bench.clients[0]?.kernel.taken.length).toBe(9);
  });

  it('asks for a pause while a backlogged client drains, and for few when it does not', () => {
    const bench = new Bench(8, 100);
    bench.connect(0);
    const [client] = bench.clients as [ModelClient];
    bench.publish(8);
    while (bench.core.queuedEvents > 0) bench.turn();
    let pauses = 0;
    while (bench.core.hasDrainingBacklog()) pauses++;
    expect(pauses).toBeGreaterThan(0);
    expect(pauses).toBeLessThan(10);
    client.kernel.drain(1, client.member.outbox);
    bench.publish(1);
    bench.turn();
    expect(bench.core.hasDrainingBacklog()).toBe(true);
    client.kernel.drain(5, client.member.outbox);
    expect(bench.core.hasDrainingBacklog()).toBe(false);
  });

  it('takes no more than 256 KiB of events in a turn, but always one', () => {
    const core = new HubCore();
    core.publish(
      [300, 200, 50, 200].map((kib) => Buffer.alloc(kib * 1024)),
      () => {},
    );
    const turns = [];
    while (core.turn()) turns.push(core.broadcasts);
    expect([...turns, core.broadcasts]).toEqual([1, 3, 4]);
  });
});
