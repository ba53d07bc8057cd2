// Waits between two readings, of all threads and of some of very many.
import { describe, expect, it } from 'vitest';
import type { ThreadWaits, TreeWaits } from '../../../../target/process-tree/core-waits.ts';
import { createWaitCounter } from './wait-counter.ts';

const thread = (waitedMillis: number, isSample = false): ThreadWaits => ({
  ...{ waitedMillis, mark: `${waitedMillis}`, isSample },
});
const tree = (
  threads: readonly (readonly [number, ThreadWaits])[],
  threadCount = threads.length,
): TreeWaits => ({
  ...{ threads: new Map(threads), threadCount, cpuSeconds: 0 },
});
const between = { millis: 100, cpuMillis: 0, areCoresFree: false };

describe('createWaitCounter', () => {
  it('counts those in turn for all that are not read, and a thread that is read first not at all', () => {
    const before = tree(
      [
        [1, thread(0)],
        [2, thread(10, true)],
        [3, thread(10, true)],
      ],
      1_001,
    );
    const after = tree(
      [
        [1, thread(50)],
        [3, thread(20, true)],
        [4, thread(9_000, true)],
      ],
      1_001,
    );
    expect(createWaitCounter(() => false).since(before, after, between)).toEqual({
      ...{ readyMillis: 60, busyThreads: (50 + 1_000 * 10) / 100, waiter: 1 },
    });
  });

  it('counts a new thread from its start where all were read', () => {
    const after = tree([
      [1, thread(0)],
      [2, thread(30)],
    ]);
    const waits = createWaitCounter(() => false).since(tree([[1, thread(0)]]), after, between);
    expect(waits).toEqual({ readyMillis: 30, busyThreads: 0.3, waiter: 2 });
  });

  it('does not ask who is ready while cores are free', () => {
    const asked: number[] = [];
    const threads = createWaitCounter((tid) => asked.push(tid) > 0);
    const reading = tree([[1, thread(0)]]);
    expect(threads.since(reading, reading, { ...between, areCoresFree: true }).readyMillis).toBe(0);
    expect(asked).toEqual([]);
    expect(threads.since(reading, reading, between).readyMillis).toBe(100);
    expect(asked).toEqual([1]);
  });
});
