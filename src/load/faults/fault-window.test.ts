// Which hub was under a fault when.
import { describe, expect, it } from 'vitest';
import { createFaultLog, type FaultLog, type FaultWindow } from './fault-window.ts';

describe('a log of faults', () => {
  it('numbers them in the order of their beginnings, and says which hub was under one', () => {
    const log: FaultLog = createFaultLog();
    const first: FaultWindow = log.begin({ kind: 'restart', text: 'restart', hubs: [0], fromMicros: 100 });
    const second = log.begin({ kind: 'drop', text: 'drop', hubs: [1], fromMicros: 200 });
    expect([first.number, second.number]).toEqual([0, 1]);
    expect(log.isUnderFault([0], 0, 99)).toBe(false);
    expect(log.isUnderFault([0], 50, 100)).toBe(true);
    expect(log.isUnderFault([0], 1_000, 2_000)).toBe(true);
    log.end(0, 300);
    expect(log.isUnderFault([0], 301, 2_000)).toBe(false);
    expect(log.isUnderFault([0, 1], 301, 2_000)).toBe(true);
    log.end(1, 250, { problem: 'no connection was there' });
    expect(log.windows()).toMatchObject([
      { number: 0, untilMicros: 300 },
      { number: 1, untilMicros: 250, problem: 'no connection was there' },
    ]);
  });
});
