// Rates of a run, over the whole seconds of its measured time.
import type { SeriesPoint } from '../../../ledger/latency/thinned-series.ts';
import type { LoadtestResult } from '../result.ts';

export interface MeasuredTime {
  readonly fromMicros: number;
  readonly untilMicros: number;
}

export function foldThroughput(
  { fromMicros, untilMicros }: MeasuredTime,
  publishedEvents: number,
  series: readonly SeriesPoint[],
): LoadtestResult['throughput'] {
  const seconds = Math.max(1e-3, (untilMicros - fromMicros) / 1e6);
  const inside = series.filter(
    ({ second }) => second * 1e6 >= fromMicros && (second + 1) * 1e6 <= untilMicros,
  );
  const deliveries = inside.reduce((sum, point) => sum + point.deliveries, 0);
  return {
    publishedPerSecond: Math.round((publishedEvents / seconds) * 10) / 10,
    deliveriesPerSecond: inside.length === 0 ? 0 : Math.round(deliveries / inside.length),
  };
}
