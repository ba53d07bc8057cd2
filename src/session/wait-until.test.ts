// Waits on a simulated clock: what ends one, with which answer, and what is pending meanwhile.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../testing/simulated/simulated-clock.ts';
import { createWaiter } from './wait-until.ts';

describe('createWaiter', () => {
  it('answers at once where the condition holds already', async () => {
    const waiter = createWaiter(createSimulatedClock(), 1_000);
    expect(await waiter.until(() => true, { what: 'nothing' })).toBe(true);
    expect(waiter.pending).toEqual([]);
  });

  it('answers true with the poke after which the condition holds', async () => {
    const waiter = createWaiter(createSimulatedClock(), 1_000);
    let seen = 0;
    const wait = waiter.until(() => seen >= 2, { what: 'two events' });
    waiter.poke();
    expect(waiter.pending).toEqual(['two events within 1000 ms']);
    seen = 2;
    waiter.poke();
    expect(await wait).toBe(true);
    expect(waiter.pending).toEqual([]);
  });

  it('answers false after the deadline', async () => {
    const clock = createSimulatedClock();
    const waiter = createWaiter(clock, 1_000);
    const wait = waiter.until(() => false, { what: 'an event', deadlineMillis: 50 });
    await clock.advanceAsync(50);
    expect(await wait).toBe(false);
    expect(waiter.pending).toEqual([]);
  });

  it('counts what arrived while the event loop was late', async () => {
    const clock = createSimulatedClock();
    const waiter = createWaiter(clock, 1_000);
    let hasEvent = false;
    const wait = waiter.until(() => hasEvent, { what: 'an event' });
    clock.advance(1_000);
    hasEvent = true; // read in the same turn as the timer, after it
    expect(await wait).toBe(true);
  });

  it('answers false as soon as it is hopeless, and for every wait once abandoned', async () => {
    const waiter = createWaiter(createSimulatedClock(), 1_000);
    let isOver = false;
    const hopeless = waiter.until(() => false, { what: 'a Pong', isHopeless: () => isOver });
    const other = waiter.until(() => false, { what: 'an event' });
    isOver = true;
    waiter.poke();
    expect(await hopeless).toBe(false);
    expect(waiter.pending).toEqual(['an event within 1000 ms']);
    waiter.abandon();
    expect(await other).toBe(false);
    expect(await waiter.until(() => false, { what: 'anything' })).toBe(false);
  });

  it('lets the event loop run between waits that are hopeless', async () => {
    const waiter = createWaiter(createSimulatedClock(), 1_000);
    waiter.abandon();
    let isOver = false;
    setTimeout(() => {
      isOver = true;
    }, 1);
    while (!isOver) await waiter.until(() => false, { what: 'anything' });
    expect(isOver).toBe(true);
  });

  it('waits on while there is progress, and ends when it stops', async () => {
    const clock = createSimulatedClock();
    const waiter = createWaiter(clock, 60_000);
    let bytes = 0;
    let isSettled = false;
    const wait = waiter
      .whileMoving(
        () => false,
        () => bytes,
        100,
        'the rest',
      )
      .finally(() => {
        isSettled = true;
      });
    for (let step = 0; step < 5; step++) {
      await clock.advanceAsync(80);
      bytes++;
      waiter.poke();
      await clock.advanceAsync(0);
    }
    expect(isSettled).toBe(false);
    await clock.advanceAsync(100);
    expect(await wait).toBe(false);
  });
});
