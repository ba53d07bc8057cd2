// Clients of stages in simulated time: who joins and leaves when, in several workers.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import { type Slot, StagedClients } from './staged-clients.ts';

const FAST = { name: 'fast', behaviour: { kind: 'fast' } } as const;
const START_MICROS = 1_000_000;

interface Joined {
  readonly slot: Slot;
  readonly atMillis: number;
}

function start({
  clients = 4,
  workers = 2,
  connectionsPerSecond = 1e6,
  stages = [
    { durationMillis: 1_000, target: 14 },
    { durationMillis: 500, target: 14 },
    { durationMillis: 1_000, target: 2 },
  ],
}) {
  const clock = createSimulatedClock({ startMicros: START_MICROS });
  const joined: Joined[] = [];
  const left: number[] = [];
  const elapsed = () => (clock.nowMicros() - START_MICROS) / 1e3;
  const all = Array.from({ length: workers }, (_, worker) => {
    const own = clients / workers;
    const share = {
      cohort: { ...FAST, stages, clients: own },
      ...{ firstClient: own * worker, clientsBefore: 0, cohortClients: clients },
      ...{ worker, workers, connectionsPerSecond },
    };
    const staged = new StagedClients({
      share,
      clock,
      joinNewcomer(slot) {
        joined.push({ slot, atMillis: elapsed() });
        slot.leave = () => left.push(slot.number);
        if (!slot.isWanted) slot.leave();
      },
    });
    for (let at = 0; at < own; at++) {
      const slot = staged.first(share.firstClient + at);
      slot.leave = () => left.push(slot.number);
    }
    staged.begin(START_MICROS, START_MICROS + 3e6);
    return staged;
  });
  return { clock, joined, left, all };
}

describe('clients of stages', () => {
  it('join and leave evenly, the latest first, each once', () => {
    const { clock, joined, left } = start({});
    clock.advance(500);
    expect(joined).toHaveLength(5);
    clock.advance(500);
    expect(joined.map(({ slot }) => slot.number).sort((a, b) => a - b)).toEqual([
      4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
    ]);
    clock.advance(500);
    expect(left).toEqual([]);
    clock.advance(1_000);
    expect(joined).toHaveLength(10);
    expect(left).toHaveLength(12);
    expect(left.filter((number) => number < 4).sort()).toEqual([2, 3]);
    clock.advance(5_000);
    expect(clock.pendingTimers).toBe(0);
  });

  it('come again after they left', () => {
    const { clock, joined } = start({
      stages: [14, 0, 14].map((target) => ({ durationMillis: 500, target })),
    });
    clock.advance(2_000);
    expect(joined).toHaveLength(24);
    const numbersOf = (isFirst: boolean) =>
      joined.filter(({ slot }) => slot.isFirst === isFirst).map(({ slot }) => slot.number);
    expect(numbersOf(true).toSorted((a, b) => a - b)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(new Set(numbersOf(false)).size).toBe(14);
  });

  it('join no faster than the ramp, and leave at once when they come too late', () => {
    const { clock, joined, left } = start({
      workers: 1,
      connectionsPerSecond: 10,
      stages: [
        { durationMillis: 0, target: 14 },
        { durationMillis: 500, target: 14 },
        { durationMillis: 0, target: 4 },
        { durationMillis: 500, target: 4 },
      ],
    });
    clock.advance(3_000);
    expect(joined.map(({ atMillis }) => atMillis)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
    expect(left).toHaveLength(10);
  });

  it('neither join nor leave after the end', () => {
    const { clock, joined, all } = start({});
    clock.advance(300);
    for (const staged of all) staged.end();
    const before = joined.length;
    clock.advance(5_000);
    expect(joined).toHaveLength(before);
    expect(clock.pendingTimers).toBe(0);
  });
});
