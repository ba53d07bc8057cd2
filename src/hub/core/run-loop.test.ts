// The pace of the run loop: pauses while a backlogged client drains, and the bound on what slow clients can cost.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import { SimulatedKernel } from '../../testing/simulated/simulated-kernel.ts';
import { HubCore } from './core.ts';
import { createRunLoop } from './run-loop.ts';

const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};

function setUp() {
  const clock = createSimulatedClock();
  const core = new HubCore({ broadcastBufferEvents: 10_000 });
  const deferred = { isBusy: false };
  const loop = createRunLoop(core, clock, { isEmpty: () => !deferred.isBusy });
  const kernel = new SimulatedKernel(0);
  const { outbox } = core.join(kernel, () => {});
  const publish = (events: number) => {
    core.publish(
      Array.from({ length: events }, () => Buffer.from('x')),
      () => {},
    );
    loop.wake();
  };
  return { clock, core, loop, deferred, kernel, outbox, publish };
}

describe('createRunLoop', () => {
  it('fans out all that is queued without a pause while nobody is backlogged', async () => {
    const { core, kernel, loop, publish } = setUp();
    kernel.appetite = 1_000;
    publish(320);
    await loop.drained();
    expect(core.broadcasts).toBe(320);
    expect(kernel.taken.length).toBe(320);
  });

  it('pauses for a client that drains, so that it survives a burst it could not survive otherwise', async () => {
    const { clock, core, kernel, outbox, publish } = setUp();
    publish(2_000);
    for (let step = 0; step < 3_000 && core.broadcasts < 2_000; step++) {
      await turns(1);
      kernel.drain(10, outbox);
      await clock.advanceAsync(1);
    }
    kernel.drain(2_000, outbox);
    expect(core.clients).toBe(1);
    expect(kernel.taken.length).toBe(2_000);
  });

  it('waits a few milliseconds in all for a client that has stopped draining', async () => {
    const { clock, core, publish } = setUp();
    publish(320);
    let waitedMillis = 0;
    while (core.broadcasts < 320 && waitedMillis < 100) {
      await turns(20);
      await clock.advanceAsync(1);
      waitedMillis += 1;
    }
    expect(core).toMatchObject({ broadcasts: 320, clients: 0 });
    expect(waitedMillis).toBeLessThanOrEqual(6);
  });

  it('runs no more than the events of one turn ahead of deferred writes', async () => {
    const { core, kernel, deferred, loop, publish } = setUp();
    kernel.appetite = 1_000;
    deferred.isBusy = true;
    publish(320);
    await turns(40);
    expect(core.broadcasts).toBe(core.turnEvents);
    deferred.isBusy = false;
    await loop.drained();
    expect(core.broadcasts).toBe(320);
  });
});
