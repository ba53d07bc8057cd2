// What was waited because of other programs, for numbers of every kind: never more than somebody was ready, nor than others
// worked, and nothing where own threads took the cores or they were idle.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CoreFacts, stretchOf, waitedForOthers, waitOfEvent } from './core-waits.ts';

const MILLIS = 250;
const facts = (changes: Partial<CoreFacts>): CoreFacts => ({
  ...{ millis: MILLIS, readyMillis: 0, busyThreads: 0, cores: 2, idleMillis: 0, othersMillis: 0 },
  ...changes,
});

const share = fc.double({ min: 0, max: 1, noNaN: true });
/** A machine of some cores on which the hub, others and nobody have their shares. */
const machines = fc
  .record({
    cores: fc.integer({ min: 1, max: 64 }),
    ...{ ready: share, others: share, idle: share },
    busyThreads: fc.double({ min: 0, max: 2_000, noNaN: true }),
  })
  .map(({ cores, ready, others, idle, busyThreads }) =>
    facts({
      ...{ cores, busyThreads, readyMillis: ready * MILLIS },
      ...{ othersMillis: others * MILLIS * cores, idleMillis: idle * MILLIS * cores },
    }),
  );

describe('waitedForOthers', () => {
  it('is no longer than it was ready, nor than others worked', () => {
    fc.assert(
      fc.property(machines, (machine) => {
        const millis = waitedForOthers(machine);
        expect(millis).toBeGreaterThanOrEqual(0);
        expect(millis).toBeLessThanOrEqual(Math.min(machine.readyMillis, machine.othersMillis) + 1e-9);
      }),
    );
  });

  it('is nothing where a core was free all the time', () => {
    fc.assert(
      fc.property(machines, (machine) => {
        expect(waitedForOthers({ ...machine, idleMillis: MILLIS * Math.max(1, machine.cores / 2) })).toBe(0);
      }),
    );
  });

  it('is no longer the more threads of its own are busy', () => {
    fc.assert(
      fc.property(machines, fc.double({ min: 0, max: 100, noNaN: true }), (machine, more) => {
        const busier = { ...machine, busyThreads: machine.busyThreads + more };
        expect(waitedForOthers(busier)).toBeLessThanOrEqual(waitedForOthers(machine));
      }),
    );
  });

  it.each<[string, Partial<CoreFacts>, number]>([
    ['an event loop beside eight programs', { readyMillis: 200, busyThreads: 1, othersMillis: 440 }, 200],
    ['eight threads that use up a quiet machine', { readyMillis: 240, busyThreads: 8, othersMillis: 0 }, 0],
    ['eight threads that use up a busy one', { readyMillis: 240, busyThreads: 8, othersMillis: 300 }, 52.5],
    ['a thousand threads beside others', { readyMillis: 250, busyThreads: 1_000, othersMillis: 300 }, 0.5],
    ['a limit of one program', { readyMillis: 200, busyThreads: 1, idleMillis: 400, othersMillis: 20 }, 0],
    ['the same on 64 cores', { cores: 64, readyMillis: 200, busyThreads: 1, idleMillis: 8_000 }, 0],
  ])('of %s', (_, changes, millis) => {
    expect(waitedForOthers(facts(changes))).toBeCloseTo(millis, 6);
  });
});

describe('waitOfEvent', () => {
  it('adds up the three that waited longest, up to the whole time', () => {
    expect(waitOfEvent([], 250)).toBe(0);
    expect(waitOfEvent([10, 0, 40, 20, 30], 250)).toBe(90);
    expect(
      waitOfEvent(
        Array.from({ length: 1_000 }, () => 200),
        250,
      ),
    ).toBe(250);
  });
});

describe('stretchOf', () => {
  it('takes what lies within, in proportion', () => {
    const spans = [0, 1, 2, 3].map((at) => ({
      ...{ startMicros: at * 250_000, endMicros: (at + 1) * 250_000 },
      ...{ hubMillis: 100, runnerMillis: 10 },
    }));
    const half = { startMicros: 125_000, endMicros: 625_000 };
    expect(stretchOf(spans, half)).toEqual({ millis: 500, hubMillis: 200, runnerMillis: 20 });
    const later = { startMicros: 5_000_000, endMicros: 6_000_000 };
    expect(stretchOf(spans, later)).toEqual({ millis: 1_000, hubMillis: 0, runnerMillis: 0 });
  });
});
