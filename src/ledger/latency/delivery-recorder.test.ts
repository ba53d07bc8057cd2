// Warm-up and what is due after the measured time are counted as deliveries and leave no latency.
import { describe, expect, it } from 'vitest';
import { createDeliveryRecorder } from './delivery-recorder.ts';
import { mergeHistograms } from './latency-histogram.ts';

const DUES = Float64Array.of(900_000, 1_000_000, 1_500_000, 2_000_000);
const LATENCY_MICROS = 100;

function measured() {
  const recorder = createDeliveryRecorder({ measuredFromMicros: 1_000_000 });
  recorder.measuredUntilMicros = 2_000_000;
  return recorder;
}

function countOf(recorder: ReturnType<typeof measured>): number[] {
  const { deliveries, latency, seconds } = recorder.snapshot();
  const inSeconds = seconds.map((second) => mergeHistograms([second.latency]).count);
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
});
