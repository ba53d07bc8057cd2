// The join barrier on a simulated clock, with hubs that register late, never, or take no nonce.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../testing/simulated/simulated-clock.ts';
import { passJoinBarrier } from './join-barrier.ts';
import { createWaiter } from './wait-until.ts';

/** A wait that is over looks once more in a later turn of the event loop. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

function passWith(registersAtNonce: number, takesNonces = true, firstWaitMillis = 0) {
  const clock = createSimulatedClock();
  const waiter = createWaiter(clock, 1_000);
  let sent = 0;
  const passing = passJoinBarrier({
    isPassed: () => sent >= registersAtNonce,
    async sendNonce(untilSeen) {
      sent++;
      if (takesNonces) await untilSeen();
      return takesNonces;
    },
    waiter,
    nowMillis: () => clock.nowMicros() / 1e3,
    deadlineMillis: 5_000,
    firstWaitMillis,
  });
  return { clock, passing };
}

describe('passJoinBarrier', () => {
  it('is passed with the first nonce where the hub registers before it answers 101', async () => {
    expect(await passWith(1).passing).toEqual({ nonces: 1 });
  });

  it('gives the first nonce the time that it usually takes, where that is long', async () => {
    const { clock, passing } = passWith(2, true, 660);
    await clock.advanceAsync(600);
    await turn();
    expect(await Promise.race([passing, turn()])).toBeUndefined();
    await clock.advanceAsync(60);
    await turn();
    expect(await passing).toEqual({ nonces: 2 });
  });

  it('sends nonces, each with more time than the last, until a late hub has registered', async () => {
    const { clock, passing } = passWith(4);
    for (let step = 0; step < 20; step++) {
      await clock.advanceAsync(50);
      await turn();
    }
    expect(await passing).toEqual({ nonces: 4 });
  });

  it('gives up at the deadline', async () => {
    const { clock, passing } = passWith(1_000);
    for (let step = 0; step < 140; step++) {
      await clock.advanceAsync(50);
      await turn();
    }
    expect((await passing).nonces).toBeLessThan(12);
  });

  it('ends when the hub takes no nonce', async () => {
    expect(await passWith(5, false).passing).toEqual({ nonces: 0 });
  });
});
