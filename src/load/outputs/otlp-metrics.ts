// The live metrics as the OpenTelemetry SDK hands them to an exporter. The SDK's own instruments count for themselves;
// here the numbers are there already, which is what its metric producers are for.
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import type { ProgressView } from '../coordinator/run-options.ts';
import { type LiveHistograms, type LiveMetric, unitOf } from './live-metric.ts';
import { LIVE_METRICS } from './live-metrics.ts';

/** `ValueType.DOUBLE` of the API package, which the SDK brings and which is no dependency of ours. */
const DOUBLE: MetricData['descriptor']['valueType'] = 1;

/** Counted from `startMillis` to `endMillis`, wall clock. */
export function readOtlpMetrics(view: ProgressView, startMillis: number, endMillis: number): MetricData[] {
  const span = { startTime: timeOf(startMillis), endTime: timeOf(endMillis) };
  return LIVE_METRICS.map((metric): MetricData => {
    const common = {
      descriptor: descriptorOf(metric),
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
    };
    if (metric.kind === 'histogram')
      return {
        ...common,
        dataPointType: DataPointType.HISTOGRAM,
        dataPoints: histogramPoints(metric, view, span),
      };
    const dataPoints = metric.read(view).map(({ labels, value }) => ({ ...span, attributes: labels, value }));
    return metric.kind === 'gauge'
      ? { ...common, dataPointType: DataPointType.GAUGE, dataPoints }
      : { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints };
  });
}

type Span = Pick<DataPoint<number>, 'startTime' | 'endTime'>;

function histogramPoints(metric: LiveHistograms, view: ProgressView, span: Span): DataPoint<Histogram>[] {
  return metric.read(view).map(({ labels, counts, sum }) => ({
    ...span,
    attributes: labels,
    value: {
      buckets: { boundaries: [...metric.bounds], counts: [...counts] },
      sum,
      count: counts.reduce((total, count) => total + count, 0),
    },
  }));
}

function descriptorOf(metric: LiveMetric): MetricData['descriptor'] {
  return {
    name: metric.name,
    description: metric.help,
    unit: unitOf(metric),
    valueType: DOUBLE,
  };
}

function timeOf(millis: number): [seconds: number, nanos: number] {
  const seconds = Math.floor(millis / 1e3);
  return [seconds, Math.round((millis - seconds * 1e3) * 1e6)];
}
