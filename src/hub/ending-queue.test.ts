// Many ends at once are spread over turns of the event loop, in order, and none is lost.
import { describe, expect, it } from 'vitest';
import { createEndingQueue } from './ending-queue.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the ending queue', () => {
  it('calls every end, in order, and only a few in one turn', async () => {
    const queue = createEndingQueue();
    const ended: number[] = [];
    for (let n = 0; n < 100; n++) queue.add(() => ended.push(n));
    expect(ended).toEqual([]);
    const steps: number[] = [];
    while (ended.length < 100) {
      const before = ended.length;
      await turn();
      steps.push(ended.length - before);
    }
    expect(Math.max(...steps)).toBeLessThanOrEqual(32);
    expect(ended).toEqual(Array.from({ length: 100 }, (_, n) => n));
  });

  it('takes more while it is at work, and after it was done', async () => {
    const queue = createEndingQueue();
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
