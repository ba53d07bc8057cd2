// A run that can no longer pass is ended, in simulated time: not before the delay, and only for what cannot be made up for.
import { describe, expect, it } from 'vitest';
import { createLatencyHistogram } from '../../../ledger/latency/latency-histogram.ts';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import { createPlan } from '../../plan/create-plan.ts';
import { RunControl } from '../run-control.ts';
import { createThresholdWatch } from './threshold-watch.ts';

interface Course {
  readonly threshold: string;
  readonly abortAfterMillis?: number | undefined;
  /** From this second on deliveries take 90 ms, before it 1 ms. */
  readonly slowFromSecond?: number;
  readonly evictedFromSecond?: number;
}

/** The second in which it ends, and why. */
function run({ threshold, abortAfterMillis, slowFromSecond = 1e9, evictedFromSecond = 1e9 }: Course) {
  const clock = createSimulatedClock({ startMicros: 0 });
  const plan = createPlan({ cohorts: ['fast=5'], durationMillis: 60_000, thresholds: [threshold] });
  if (!plan.ok) throw new Error(plan.problem);
  const control = new RunControl(clock, () => {});
  control.enter('steady');
  const watch = createThresholdWatch({
    ...{ plan: plan.value, clock, control, startedAtMicros: 0, abortAfterMillis },
    measuredFromMicros: () => 0,
    takePublished: () => ({ sent: [], accepted: [] }),
  });
  for (let second = 0; second < 60 && control.stop === undefined; second++) {
    const latency = createLatencyHistogram();
    latency.recordMany(second >= slowFromSecond ? 90_000 : 1_000, 100);
    clock.advance(1_000);
    watch.add('fast', [{ second, deliveries: 100, latency: latency.encode() }]);
    const evicted = second >= evictedFromSecond ? 1 : 0;
    const cohort = { name: 'fast', attempted: 5, connected: 5, open: 5, joined: 5 };
    const rest = { lowestNextSequence: 0, deliveries: 0, evicted };
    watch.look({ isCurrent: () => true, progress: () => [{ ...cohort, ...rest }] });
  }
  watch.finish();
  watch.close();
  expect(clock.pendingTimers).toBe(0);
  return { second: clock.nowMicros() / 1e6, stop: control.stop };
}

const P99 = 'latency{cohort=fast}[5s].p99<50ms';

describe('--abort-on-breach', () => {
  it('ends a run a few seconds after the first window that breaks its limit', () => {
    const { second, stop } = run({ threshold: P99, abortAfterMillis: 10_000, slowFromSecond: 20 });
    expect(second).toBe(24);
    expect(stop).toEqual({
      by: 'threshold',
      threshold: P99,
      because: `the threshold ${P99} can no longer hold: 90 ms in the 5 s from 16 s`,
    });
  });

  it('waits for its delay', () => {
    expect(run({ threshold: P99, abortAfterMillis: 10_000, slowFromSecond: 0 }).second).toBe(10);
  });

  it('ends it for evictions, of which there are never fewer', () => {
    const course = { abortAfterMillis: 0, evictedFromSecond: 7 };
    const { second, stop } = run({ threshold: 'evicted{cohort=fast}==0', ...course });
    expect(second).toBe(8);
    expect(stop?.because).toBe('the threshold evicted{cohort=fast}==0 can no longer hold: there are 1');
    expect(run({ threshold: 'evicted{cohort=fast}.rate==0%', ...course }).stop).toBeUndefined();
    expect(run({ threshold: 'evicted{cohort=fast}>=1', ...course }).stop).toBeUndefined();
  });

  it('ends it for a maximum, and not for a percentile of the whole run', () => {
    const course = { abortAfterMillis: 0, slowFromSecond: 10 };
    expect(run({ threshold: 'latency{cohort=fast}.max<50ms', ...course }).second).toBe(14);
    expect(run({ threshold: 'latency{cohort=fast}.p50<50ms', ...course }).stop).toBeUndefined();
  });

  it('is asked for', () => {
    expect(run({ threshold: P99, slowFromSecond: 0 }).stop).toBeUndefined();
  });
});
