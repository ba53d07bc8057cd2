// Many steps at once are spread over turns of the event loop, in order, and none is lost.
import { describe, expect, it } from 'vitest';
import { createStepQueue } from './deferred-writes.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('createStepQueue', () => {
  it('takes every step, in order, and only a few in one turn', async () => {
    const queue = createStepQueue(32);
    const ended: number[] = [];
    for (let n = 0; n < 100; n++) queue.add(() => ended.push(n));
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

  it('takes more while it is at work, and after it was done', async () => {
    const queue = createStepQueue(32);
    const ended: string[] = [];
    queue.add(() => {
      ended.push('first');
      queue.add(() => ended.push('within'));
    });
    for (let n = 0; n < 4; n++) await turn();
    queue.add(() => ended.push('later'));
    for (let n = 0; n < 4; n++) await turn();
    expect(ended).toEqual(['first', 'within', 'later']);
  });
});
