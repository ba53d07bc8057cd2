// Messages that every worker confirms, in simulated time.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import { createConfirmations } from './confirmations.ts';

function setUp() {
  const clock = createSimulatedClock({ startMicros: 0 });
  const confirmations = createConfirmations(clock, 2);
  const posted: number[] = [];
  let settled = 0;
  return {
    clock,
    confirmations,
    posted,
    request: () => void confirmations.request((id) => posted.push(id)).then(() => settled++),
    async settled() {
      await clock.advanceAsync(0);
      return settled;
    },
  };
}

describe('a message to all workers', () => {
  it('is settled once each has confirmed it', async () => {
    const { confirmations, request, posted, settled } = setUp();
    request();
    request();
    expect(posted).toEqual([0, 1]);
    confirmations.confirm(0, 0);
    confirmations.confirm(0, 0);
    confirmations.confirm(1, 1);
    expect(await settled()).toBe(0);
    confirmations.confirm(1, 0);
    expect(await settled()).toBe(1);
  });

  it('waits for no worker that is gone', async () => {
    const { confirmations, request, settled } = setUp();
    request();
    confirmations.confirm(0, 0);
    confirmations.lose(1);
    request();
    confirmations.confirm(0, 1);
    expect(await settled()).toBe(2);
  });

  it('waits a second at most', async () => {
    const { clock, request, settled } = setUp();
    request();
    await clock.advanceAsync(999);
    expect(await settled()).toBe(0);
    await clock.advanceAsync(1);
    expect(await settled()).toBe(1);
  });
});
