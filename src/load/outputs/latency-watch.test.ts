// What is known of latencies while workers still hand in seconds, held against one histogram of all of them.
import { describe, expect, it } from 'vitest';
import type { DeliverySecond } from '../../ledger/latency/delivery-recorder.ts';
import { createLatencyHistogram } from '../../ledger/latency/latency-histogram.ts';
import { createLatencyWatch } from './latency-watch.ts';

function secondOf(second: number, micros: readonly number[]): DeliverySecond {
  const latency = createLatencyHistogram();
  for (const one of micros) latency.record(one);
  return { second, deliveries: micros.length, latency: latency.encode() };
}

describe('the watch over latencies', () => {
  it('knows nothing of a cohort that measured nothing, warm-up included', () => {
    const watch = createLatencyWatch();
    watch.add('fast', [secondOf(1, [])]);
    expect(watch.read('fast')).toBeNull();
    expect(watch.read('stall')).toBeNull();
  });

  it('merges the seconds of all workers, and keeps the latest apart from the total', () => {
    const watch = createLatencyWatch();
    watch.add('fast', [secondOf(1, [10, 20, 30])]);
    watch.add('fast', [secondOf(2, [100])]);
    watch.add('fast', [secondOf(1, [40, 50]), secondOf(2, [200])]);
    expect(watch.read('fast')).toMatchObject({
      count: 7,
      p50Micros: 40,
      p99Micros: 200,
      lastSecond: { p50Micros: 100, p99Micros: 200 },
    });
  });

  it('counts into the fixed buckets of the outputs, with one for what is beyond', () => {
    const watch = createLatencyWatch();
    watch.add('fast', [secondOf(1, [10, 250, 260, 30_000, 20e6, 2 ** 33])]);
    expect(watch.read('fast')?.buckets).toEqual({
      counts: [2, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2],
      sumMicros: 20_030_520,
    });
  });

  it('counts a second that comes late in the total only', () => {
    const watch = createLatencyWatch();
    watch.add('fast', [secondOf(5, [100])]);
    watch.add('fast', [secondOf(4, [10])]);
    expect(watch.read('fast')).toMatchObject({
      count: 2,
      lastSecond: { p50Micros: 100, p99Micros: 100 },
    });
  });
});
