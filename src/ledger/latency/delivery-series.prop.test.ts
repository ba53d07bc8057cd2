// However the workers' seconds come in, the series is what one recorder of all deliveries would have written.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDeliveryRecorder, type DeliverySecond } from './delivery-recorder.ts';
import { createDeliverySeriesRecorder } from './delivery-series.ts';

interface Delivery {
  readonly worker: number;
  readonly second: number;
  readonly latencyMicros: number;
}

const deliveries = fc.array(
  fc.record({ worker: fc.nat(2), second: fc.nat(40), latencyMicros: fc.nat(3_000_000) }),
  { maxLength: 200 },
);

function secondsOf(own: readonly Delivery[]): readonly DeliverySecond[] {
  const recorder = createDeliveryRecorder({ measuredFromMicros: Number.NEGATIVE_INFINITY });
  for (const { second, latencyMicros } of own.toSorted((one, other) => one.second - other.second)) {
    const nowMicros = (second + 100) * 1e6;
    recorder.tick(nowMicros);
    recorder.delivered(nowMicros - latencyMicros, nowMicros);
  }
  return recorder.takeLastSeconds();
}

function seriesOf(batches: readonly (readonly DeliverySecond[])[]) {
  const series = createDeliverySeriesRecorder(new Set(['fast']));
  for (const batch of batches) series.add('fast', batch);
  return series.finish();
}

describe('the series of deliveries', () => {
  it('is the same from three workers, second by second, as from one', () => {
    fc.assert(
      fc.property(deliveries, (all) => {
        const workers = [0, 1, 2].map((index) => secondsOf(all.filter(({ worker }) => worker === index)));
        const inTurn = workers
          .flatMap((seconds, worker) => seconds.map((second) => ({ second, worker })))
          .toSorted((one, other) => one.second.second - other.second.second || one.worker - other.worker)
          .map(({ second }) => [second]);
        expect(seriesOf(inTurn)).toEqual(seriesOf([secondsOf(all)]));
      }),
    );
  });

  it('counts a cohort in its own row, in all, and in fast only when slow clients must not hurt it', () => {
    const series = createDeliverySeriesRecorder(new Set(['fast']));
    const one = secondsOf([{ worker: 0, second: 1, latencyMicros: 50 }]);
    series.add('fast', one);
    series.add('slow', one);
    const { all, fast, byCohort } = series.finish();
    expect(all.map((point) => point.deliveries)).toEqual([2]);
    expect(fast.map((point) => point.deliveries)).toEqual([1]);
    expect([...byCohort.keys()]).toEqual(['fast', 'slow']);
  });

  it('has no row twice when a worker reports a second half a minute late', () => {
    const series = createDeliverySeriesRecorder(new Set());
    const late = secondsOf([{ worker: 0, second: 1, latencyMicros: 50 }]);
    series.add('a', late);
    series.add('a', secondsOf([{ worker: 0, second: 40, latencyMicros: 50 }]));
    series.add('a', late);
    expect(series.finish().all.map(({ second }) => second)).toEqual([101, 140]);
  });
});
