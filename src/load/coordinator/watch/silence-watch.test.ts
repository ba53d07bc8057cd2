// When a worker process is silent, in simulated time.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import { createSilenceWatch } from './silence-watch.ts';

function setUp() {
  const clock = createSimulatedClock();
  const sentences: string[] = [];
  const watch = createSilenceWatch(clock, 2, (_index, sentence) => sentences.push(sentence));
  const report = (seconds: number, ...workers: readonly number[]) => {
    for (let second = 0; second < seconds; second++) {
      for (const index of workers) watch.heard(index);
      clock.advance(1_000);
    }
  };
  return { clock, watch, sentences, report };
}

describe('createSilenceWatch', () => {
  it('says nothing of workers that report, however long', () => {
    const { sentences, report } = setUp();
    report(600, 0, 1);
    expect(sentences).toEqual([]);
  });

  it('names a worker that has not reported for 10 s, once', () => {
    const { watch, sentences, report } = setUp();
    report(5, 0, 1);
    report(9, 0);
    expect([sentences, watch.isSilent(1)]).toEqual([[], false]);
    report(60, 0);
    expect(sentences).toEqual([
      'worker process 2 has not reported for 10 s: it was stopped, or got no CPU time',
    ]);
    expect([watch.isSilent(0), watch.isSilent(1)]).toEqual([false, true]);
  });

  it('gives a worker 30 s for its first message', () => {
    const { watch, sentences, report } = setUp();
    report(30, 1);
    expect(sentences).toEqual([]);
    report(1, 1);
    expect(sentences).toEqual([
      'worker process 1 did not start within 30 s: it was stopped, or got no CPU time',
    ]);
    watch.heard(0);
    expect(watch.isSilent(0)).toBe(false);
  });

  it('says whether all have reported within a time', () => {
    const { watch, report } = setUp();
    expect(watch.haveAllReported(60_000)).toBe(false);
    report(2, 0, 1);
    report(2, 0);
    expect([watch.haveAllReported(1_000), watch.haveAllReported(3_000)]).toEqual([false, true]);
    report(1, 0, 1);
    expect(watch.haveAllReported(1_000)).toBe(true);
  });

  it('does not look after its end', () => {
    const { clock, watch, sentences } = setUp();
    watch.close();
    clock.advance(60_000);
    expect([sentences, clock.pendingTimers]).toEqual([[], 0]);
  });
});
