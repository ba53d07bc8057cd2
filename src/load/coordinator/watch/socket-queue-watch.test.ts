// When the hub closed its side of a connection, and what the kernels held then, from readings second by second.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import type { SocketQueues } from '../../../wire/kernel/socket-queues.ts';
import { createSocketQueueWatch } from './socket-queue-watch.ts';

const CLIENT = '127.0.0.1:5000>127.0.0.1:8800';

const queuesOf = (heldBytes: number, isHubSideOpen = true): SocketQueues => ({
  heldBytes,
  unreadBytes: 1_000,
  unsentBytes: heldBytes - 1_000,
  isHubSideOpen,
});

function setUp() {
  const clock = createSimulatedClock({ startMicros: 0 });
  const state = { queues: new Map<string, SocketQueues>(), looks: 0, takesMillis: 0 };
  const watch = createSocketQueueWatch({
    hubUrls: () => ['ws://127.0.0.1:8800/ws'],
    clock,
    read: async () => {
      state.looks += 1;
      clock.advance(state.takesMillis);
      return state.queues;
    },
  });
  /** The next second, with these queues. */
  const second = async (...queues: [string, SocketQueues][]) => {
    state.queues = new Map(queues);
    watch.look();
    await clock.advanceAsync(1_000);
  };
  return { clock, state, watch, second };
}

describe('the watch of socket queues', () => {
  it('notes when the hub closed its side, and the queues at the last reading before', async () => {
    const { watch, second } = setUp();
    await second([CLIENT, queuesOf(2_000)]);
    await second([CLIENT, queuesOf(9_000)]);
    await second([CLIENT, queuesOf(9_500, false)]);
    await second([CLIENT, queuesOf(500, false)]);
    expect(watch.queuesOf(CLIENT, 0)).toEqual({
      closedAtMicros: 1.5e6,
      openAtMicros: 1e6,
      lastQueues: queuesOf(9_000),
    });
    expect(watch.queuesOf('127.0.0.1:5001>127.0.0.1:8800', 0)).toBeUndefined();
  });

  it('takes a connection that is gone for one that the hub closed', async () => {
    const { watch, second } = setUp();
    await second([CLIENT, queuesOf(2_000)]);
    await second();
    expect(watch.queuesOf(CLIENT, 0)?.closedAtMicros).toBe(0.5e6);
  });

  it('distinguishes clients that had the same port one after the other', async () => {
    const { watch, second } = setUp();
    await second([CLIENT, queuesOf(2_000)]);
    await second();
    await second([CLIENT, queuesOf(3_000)]);
    expect(watch.queuesOf(CLIENT, 0)).toEqual({
      closedAtMicros: 0.5e6,
      openAtMicros: 0,
      lastQueues: queuesOf(2_000),
    });
    expect(watch.queuesOf(CLIENT, 1.5e6)).toEqual({
      closedAtMicros: undefined,
      openAtMicros: 2e6,
      lastQueues: queuesOf(3_000),
    });
  });

  it('remembers few of those that had the same port, and none that read everything', async () => {
    const { watch, second } = setUp();
    for (let client = 0; client < 100; client++) {
      await second([CLIENT, queuesOf(client % 10 === 0 ? 2_000 + client : 0)]);
      await second();
    }
    expect(watch.queuesOf(CLIENT, 0)?.lastQueues).toEqual(queuesOf(2_020));
    expect(watch.queuesOf(CLIENT, 199e6)).toBeUndefined();
  });

  it('reads nothing more after its end', async () => {
    const { state, watch, second } = setUp();
    await second([CLIENT, queuesOf(2_000)]);
    await watch.end();
    await second();
    expect(state.looks).toBe(2);
    expect(watch.queuesOf(CLIENT, 0)?.closedAtMicros).toBeUndefined();
  });

  it('reads less often where a reading takes long', async () => {
    const { clock, state, watch } = setUp();
    state.takesMillis = 100;
    for (let millis = 0; millis < 10_000; millis += 50) {
      watch.look();
      await clock.advanceAsync(50);
    }
    expect(state.looks).toBe(3);
  });
});
