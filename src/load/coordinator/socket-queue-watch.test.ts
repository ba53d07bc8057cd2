// When the hub let go of a client, and what the kernels held for it then, from what the kernel said second by second.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import type { SocketQueues } from '../../wire/socket-queues.ts';
import { createHoldWatch } from './socket-queue-watch.ts';

const hold = (heldBytes: number, isHubSideOpen = true): SocketQueues => ({
  heldBytes,
  unreadBytes: 1_000,
  unsentBytes: heldBytes - 1_000,
  isHubSideOpen,
});

function setUp() {
  const clock = createSimulatedClock({ startMicros: 0 });
  const state = { holds: new Map<number, SocketQueues>(), looks: 0, takesMillis: 0 };
  const watch = createHoldWatch({
    hubUrl: 'ws://127.0.0.1:8800/ws',
    clock,
    read: async () => {
      state.looks += 1;
      clock.advance(state.takesMillis);
      return state.holds;
    },
  });
  /** The next second, with these holds. */
  const second = async (...holds: [number, SocketQueues][]) => {
    state.holds = new Map(holds);
    watch.look();
    await clock.advanceAsync(1_000);
  };
  return { clock, state, watch, second };
}

describe('the watch of what kernels hold', () => {
  it('tells when the hub let go, and what was held at the last look before', async () => {
    const { watch, second } = setUp();
    await second([5_000, hold(2_000)]);
    await second([5_000, hold(9_000)]);
    await second([5_000, hold(9_500, false)]);
    await second([5_000, hold(500, false)]);
    expect(watch.fateOf(5_000)).toEqual({ releasedAtMicros: 1.5e6, lastHold: hold(9_000) });
    expect(watch.fateOf(5_001)).toBeUndefined();
  });

  it('takes a connection that is gone for one that was let go', async () => {
    const { watch, second } = setUp();
    await second([5_000, hold(2_000)]);
    await second();
    expect(watch.fateOf(5_000)?.releasedAtMicros).toBe(0.5e6);
  });

  it('forgets a client whose port another has now', async () => {
    const { watch, second } = setUp();
    await second([5_000, hold(2_000)]);
    await second();
    await second([5_000, hold(3_000)]);
    expect(watch.fateOf(5_000)).toEqual({ releasedAtMicros: undefined, lastHold: hold(3_000) });
  });

  it('looks less often where a look takes long', async () => {
    const { clock, state, watch } = setUp();
    state.takesMillis = 100;
    for (let millis = 0; millis < 10_000; millis += 50) {
      watch.look();
      await clock.advanceAsync(50);
    }
    expect(state.looks).toBe(3);
  });
});
