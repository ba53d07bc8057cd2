// Deferred items are spread over turns of the event loop, in order, and none is lost.
import { describe, expect, it } from 'vitest';
import { createDeferredQueue } from './deferred-writes.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('createDeferredQueue', () => {
  it('runs every item, in order, and only a few in one turn', async () => {
    const ended: number[] = [];
    const queue = createDeferredQueue<number>(32, (n) => ended.push(n));
    for (let n = 0; n < 100; n++) queue.add(n);
    expect(ended).toEqual([]);
    expect(queue.isEmpty()).toBe(false);
    const steps: number[] = [];
    while (ended.length < 100) {
      const before = ended.length;
      await turn();
      steps.push(ended.length - before);
    }
    expect(Math.max(...steps)).toBeLessThanOrEqual(32);
    expect(queue.isEmpty()).toBe(true);
    expect(ended).toEqual(Array.from({ length: 100 }, (_, n) => n));
  });

  it('accepts items while a turn runs, and after the queue was empty', async () => {
    const ended: string[] = [];
    const queue = createDeferredQueue<string>(32, (item) => {
      ended.push(item);
      if (item === 'first') queue.add('within');
    });
    queue.add('first');
    for (let n = 0; n < 4; n++) await turn();
    queue.add('later');
    for (let n = 0; n < 4; n++) await turn();
    expect(ended).toEqual(['first', 'within', 'later']);
  });

  it('schedules one turn at a time', () => {
    const turns: (() => void)[] = [];
    const queue = createDeferredQueue<number>(
      2,
      () => {},
      (runTurn) => turns.push(runTurn),
    );
    for (let n = 0; n < 5; n++) queue.add(n);
    let ran = 0;
    for (let next = turns.shift(); next; next = turns.shift()) {
      expect(turns).toEqual([]);
      next();
      ran += 1;
    }
    expect(ran).toBe(3);
    expect(queue.isEmpty()).toBe(true);
  });
});
