// What a fault cost, from what workers hand in.
import { describe, expect, it } from 'vitest';
import { ReturnLog } from '../../worker/returns/return-log.ts';
import type { ReturnRecord } from '../../worker/returns/return-messages.ts';
import { FaultCost } from './fault-cost.ts';
import { Tally } from './tally.ts';

const COHORTS = { kept: new Set(['fast', 'lag']), mustReturn: new Set(['fast']) };
const record: ReturnRecord = {
  ...{ cohort: 'fast', hub: 0, how: 'dropped', fault: 0, isNewcomer: false, nextSequence: 5 },
  ...{ endedAtMicros: 10.1e6, connectedAtMicros: 10.6e6, firstEvent: { sequence: 9, atMicros: 10.9e6 } },
};

describe('the cost of a fault', () => {
  it('is in clients, times, attempts and events', () => {
    const cost = new FaultCost();
    for (const [cohort, clients] of [
      ['fast', 3],
      ['fast', 1],
      ['lag', 2],
      ['stall', 1],
    ] as const)
      cost.addDrop({ cohort, fault: 0, clients });
    cost.addReturn({ record, missed: 4, lateJoin: 1 }, 10e6);
    cost.addReturn({ record: { ...record, cohort: 'lag' }, missed: 6, lateJoin: 0 }, 10e6);
    cost.addReturn(
      { record: { ...record, connectedAtMicros: undefined, firstEvent: undefined }, missed: 50, lateJoin: 0 },
      10e6,
    );
    expect(cost.result(10e6, COHORTS)).toEqual({
      ...{ dropped: 7, droppedKept: 6, mustReturn: 4, returned: 2, recovered: 1, refusedMillis: null },
      reconnectMillis: { p50: 500, p99: 500, max: 500 },
      firstEventMillis: { p50: 900, p99: 900, max: 900 },
      attempts: { total: 0, failed: 0, peakPerSecond: 0 },
      missed: { total: 60, p50: 6, p99: 50, max: 50 },
      lateJoin: { total: 1, max: 1 },
    });
  });

  it('counts a client once that was dropped again, by its last return', () => {
    const again = { ...record, isRepeated: true };
    const recovered = (last: ReturnRecord) => {
      const cost = new FaultCost();
      cost.addDrop({ cohort: 'fast', fault: 0, clients: 1 });
      for (const one of [record, last]) cost.addReturn({ record: one, missed: 0, lateJoin: 0 }, 10e6);
      return cost.result(10e6, COHORTS).recovered;
    };
    expect(recovered(again)).toBe(1);
    expect(recovered({ ...again, firstEvent: undefined })).toBe(0);
  });

  it('counts the attempts of all workers in a second, and when somebody was served again', () => {
    const cost = new FaultCost();
    const workers = [new ReturnLog(), new ReturnLog()];
    const attempt = (worker: number, atSeconds: number, isOk: boolean) =>
      workers[worker]?.addAttempt(0, atSeconds * 1e6, isOk);
    for (let one = 0; one < 10; one++) attempt(0, 11, false);
    for (let one = 0; one < 20; one++) attempt(1, 11.5, false);
    attempt(1, 12.5, true);
    attempt(0, 12.25, true);
    attempt(0, 12.75, true);
    for (const worker of workers) for (const count of worker.take().attempts) cost.addAttempts(count);
    expect(cost.result(10e6, COHORTS)).toMatchObject({
      attempts: { total: 33, failed: 30, peakPerSecond: 30 },
      refusedMillis: 2_250,
    });
  });
});

describe('a tally', () => {
  it('keeps large numbers to three digits, upwards, and its largest as it is', () => {
    const tally = new Tally();
    for (let value = 1; value <= 100; value++) tally.add(value * 1_234);
    const { p50, p99, max, total } = tally.summary();
    expect(p50).toBeGreaterThanOrEqual(50 * 1_234);
    expect(p50).toBeLessThanOrEqual(50 * 1_234 * 1.01);
    expect([p99, max, total]).toEqual([123_000, 123_400, 1_234 * 5_050]);
  });
});
