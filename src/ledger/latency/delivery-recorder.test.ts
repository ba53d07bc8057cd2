// Warm-up and what is due after the measured time are counted as deliveries and leave no latency.
import { describe, expect, it } from 'vitest';
import { createDeliveryRecorder } from './delivery-recorder.ts';
import { mergeHistograms } from './latency-histogram.ts';

const DUES = Float64Array.of(900_000, 1_000_000, 1_500_000, 2_000_000);
const LATENCY_MICROS = 100;

function measured() {
  const recorder = createDeliveryRecorder();
  recorder.measure(1_000_000, 2_000_000);
  return recorder;
}

function countOf(recorder: ReturnType<typeof measured>): number[] {
  const { deliveries, latency } = recorder.snapshot();
  const inSeconds = recorder.takeLastSeconds().map((second) => mergeHistograms([second.latency]).count);
  return [deliveries, mergeHistograms([latency]).count, ...inSeconds];
}

describe('DeliveryRecorder', () => {
  it('leaves warm-up out of the latencies, of the whole and of each second', () => {
    const recorder = measured();
    for (const due of DUES) {
      recorder.tick(due + LATENCY_MICROS);
      recorder.delivered(due, due + LATENCY_MICROS);
    }
    // Seconds 0, 1 and 2 of the clock: warm-up, two measured, one that was due too late.
    expect(countOf(recorder)).toEqual([4, 2, 0, 2, 0]);
  });

  it('leaves warm-up out of a run that is counted at once, too', () => {
    const recorder = measured();
    recorder.tick(2_000_100);
    recorder.deliveredRun(DUES, 3, 0, 4, 2_000_100);
    expect(countOf(recorder)).toEqual([4, 2, 2]);
    expect(mergeHistograms([recorder.snapshot().latency]).maxMicros).toBeCloseTo(1_000_100, 0);
  });

  it('hands out each second once, and keeps all of them in its totals', () => {
    const recorder = createDeliveryRecorder();
    const deliverIn = (second: number) => {
      recorder.tick(second * 1e6);
      recorder.delivered(second * 1e6 - LATENCY_MICROS, second * 1e6);
    };
    deliverIn(7);
    expect(recorder.takeEndedSeconds()).toEqual([]);
    deliverIn(8);
    expect(recorder.takeEndedSeconds().map(({ second }) => second)).toEqual([7]);
    expect(recorder.takeLastSeconds().map(({ second }) => second)).toEqual([8]);
    expect(recorder.takeLastSeconds()).toEqual([]);
    expect(recorder.snapshot().deliveries).toBe(2);
    expect(mergeHistograms([recorder.snapshot().latency]).count).toBe(2);
  });

  it('keeps two minutes of seconds that nobody takes, and no more', () => {
    const recorder = createDeliveryRecorder();
    for (let second = 1; second <= 3_600; second++) {
      recorder.tick(second * 1e6);
      recorder.delivered(second * 1e6, second * 1e6);
    }
    expect(recorder.takeLastSeconds()).toHaveLength(120);
    expect(recorder.snapshot().deliveries).toBe(3_600);
  });
});
