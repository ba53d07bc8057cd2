// When the next hub has its turn, in simulated time.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import { createPublishingTurns } from './publishing-turns.ts';

function setUp() {
  const clock = createSimulatedClock();
  const state = { turns: 0, refreshes: 0, haveAll: true };
  const settleTurn = createPublishingTurns({
    clock,
    takeTurn: () => state.turns++,
    refresh: () => state.refreshes++,
    haveAll: () => state.haveAll,
  });
  return { clock, state, settleTurn };
}

describe('publishing in turn', () => {
  it('changes the hub once a second, when all clients have everything', async () => {
    const { clock, state, settleTurn } = setUp();
    await settleTurn();
    expect(state.turns).toBe(0);
    for (let second = 0; second < 3; second++) {
      clock.advance(1_000);
      await settleTurn();
      await settleTurn();
    }
    expect(state).toMatchObject({ turns: 3, refreshes: 0 });
  });

  it('waits for clients that are a little late', async () => {
    const { clock, state, settleTurn } = setUp();
    clock.advance(1_000);
    state.haveAll = false;
    const waiting = settleTurn();
    await clock.advanceAsync(10);
    expect(state.turns).toBe(0);
    state.haveAll = true;
    await clock.advanceAsync(10);
    await waiting;
    expect(state.turns).toBe(1);
    expect(state.refreshes).toBeGreaterThan(0);
  });

  it('leaves the turn where it is when clients do not catch up', async () => {
    const { clock, state, settleTurn } = setUp();
    clock.advance(1_000);
    state.haveAll = false;
    const waiting = settleTurn();
    await clock.advanceAsync(300);
    await waiting;
    expect(state.turns).toBe(0);
    await settleTurn();
    expect(clock.pendingTimers).toBe(0);
  });
});
