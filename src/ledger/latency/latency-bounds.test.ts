// Each latency as an interval: how wide it is, and what becomes of it when its clock turns out to be wrong.
import { describe, expect, it } from 'vitest';
import { createDeliveryRecorder, type DeliverySnapshot } from './delivery-recorder.ts';
import { mergeBounds } from './latency-bounds.ts';
import { mergeHistograms } from './latency-histogram.ts';

const DUES = Float64Array.of(0, 0, 0, 0);

/** At `atMicros` the clock is known to within 100 microseconds. */
const reading = (atMicros: number, isContradicted = false) => ({
  errorMicros: 100,
  atMicros,
  isContradicted,
});

function rangeOf({ bounds }: DeliverySnapshot) {
  const [lower, upper] = [bounds?.lower, bounds?.upper].map((each) => mergeHistograms(each ? [each] : []));
  return { least: lower?.percentile(0.5), most: upper?.percentile(0.5), count: upper?.count };
}

describe('the bounds of latencies', () => {
  it('are absent where one clock measures', () => {
    const recorder = createDeliveryRecorder();
    recorder.tick(1_000);
    recorder.delivered(800, 1_000);
    expect(recorder.snapshot().bounds).toBeUndefined();
    expect(mergeBounds([recorder.snapshot()])).toBeUndefined();
  });

  it('are as far apart as the clock was uncertain at that time, which grows with the age of the reading', () => {
    const recorder = createDeliveryRecorder();
    recorder.readClock(reading(0));
    recorder.tick(100_000);
    recorder.delivered(99_800, 100_000);
    // 500 ppm of 100 ms are 50 us.
    expect(rangeOf(recorder.snapshot())).toMatchObject({ least: 50, most: 350 });
  });

  it('hold every one of the clients that are read together', () => {
    const recorder = createDeliveryRecorder();
    recorder.readClock(reading(1_000));
    recorder.tick(1_000);
    for (let client = 0; client < 5; client++) recorder.deliveredRun(DUES, 3, 0, 4, 1_000);
    recorder.readClock(reading(900_000));
    expect(rangeOf(recorder.snapshot())).toEqual({ least: 900, most: 1_100, count: 20 });
  });

  it('are unknown from the reading before the one that was wrong on', () => {
    const recorder = createDeliveryRecorder();
    const deliverAt = (nowMicros: number) => {
      recorder.tick(nowMicros);
      recorder.delivered(nowMicros - 5_000, nowMicros);
    };
    for (const atMicros of [0, 10_000, 20_000]) {
      recorder.readClock(reading(atMicros));
      // No answer came since: said again.
      recorder.readClock(reading(atMicros));
      deliverAt(atMicros + 5_000);
    }
    recorder.readClock(reading(30_000, true));
    deliverAt(35_000);
    const { bounds } = recorder.snapshot();
    expect(bounds?.unknown).toBe(2);
    expect(mergeHistograms(bounds ? [bounds.lower] : []).summary()).toMatchObject({ count: 4, p50: 0 });
    expect(mergeHistograms(bounds ? [bounds.upper] : []).maxMicros).toBeGreaterThan(4e9);
  });

  it('are exact where both machines are one, and kept apart from the others', () => {
    const recorder = createDeliveryRecorder();
    recorder.readClock({ ...reading(1_000), errorMicros: 0, isSame: true });
    recorder.tick(900_000);
    recorder.deliveredRun(DUES, 3, 0, 2, 900_000);
    recorder.readClock({ ...reading(901_000), isContradicted: true });
    recorder.readClock({ ...reading(902_000), errorMicros: 0, isSame: true });
    recorder.delivered(902_800, 903_000);
    recorder.readClock(reading(904_000));
    recorder.delivered(903_000, 904_000);
    const { bounds } = recorder.snapshot();
    const [own, lower, upper] = [bounds?.own, bounds?.lower, bounds?.upper].map((each) =>
      mergeHistograms(each ? [each] : []),
    );
    expect(own?.summary()).toMatchObject({ count: 1, p50: 200, max: 200 });
    expect([lower?.count, upper?.count, bounds?.unknown]).toEqual([4, 4, 2]);
  });

  it('keep values apart that are below 0 whatever the clock allows', () => {
    const recorder = createDeliveryRecorder();
    recorder.readClock(reading(1_000));
    for (const dueMicros of [1_090, 1_200]) {
      recorder.tick(1_000);
      recorder.delivered(dueMicros, 1_000);
    }
    const { bounds, latency } = recorder.snapshot();
    expect([bounds?.lower.belowRange, latency.belowRange, bounds?.upper.belowRange]).toEqual([2, 2, 1]);
  });
});
