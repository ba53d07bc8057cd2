// The live metrics to an OpenTelemetry collector, by the official SDK, as OTLP over HTTP. Loaded only when asked for. A
// collector that is slow or dead costs the run nothing: exports have a deadline, and the first that fails is told at the
// end.
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import type { ProgressView } from '../run-options.ts';
import { LIVE_METRICS } from './live-metrics.ts';
import type { Output } from './output.ts';

const EXPORT_INTERVAL_MILLIS = 1_000;
const EXPORT_DEADLINE_MILLIS = 900;
const END_DEADLINE_MILLIS = 3_000;
const METRICS_PATH = '/v1/metrics';

/** `url` is the collector's; its usual path is added when there is none. */
export function openOtlp(url: string, kitVersion: string): Output {
  const address = new URL(url);
  if (address.pathname === '/') address.pathname = METRICS_PATH;
  const exporter = new OTLPMetricExporter({ url: address.href, timeoutMillis: EXPORT_DEADLINE_MILLIS });
  let latest: ProgressView | undefined;
  let problem: string | undefined;
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': 'norn-loadtest', 'service.version': kitVersion }),
    readers: [
      new PeriodicExportingMetricReader({
        exporter: noticing(exporter, (message) => {
          problem ??= `not all metrics reached ${address.href}: ${message}`;
        }),
        exportIntervalMillis: EXPORT_INTERVAL_MILLIS,
        exportTimeoutMillis: EXPORT_DEADLINE_MILLIS,
      }),
    ],
  });
  observe(provider, () => latest);
  return {
    where: address.href,
    take(view) {
      latest = view;
    },
    async end() {
      await provider.shutdown({ timeoutMillis: END_DEADLINE_MILLIS }).catch((error: Error) => {
        problem ??= `not all metrics reached ${address.href}: ${error.message}`;
      });
      return problem;
    },
  };
}

function observe(provider: MeterProvider, latest: () => ProgressView | undefined): void {
  const meter = provider.getMeter('norn-loadtest');
  for (const { name, kind, help, read } of LIVE_METRICS) {
    const options = { description: help, ...(name.endsWith('_seconds') ? { unit: 's' } : {}) };
    const instrument =
      kind === 'counter'
        ? meter.createObservableCounter(name, options)
        : meter.createObservableGauge(name, options);
    instrument.addCallback((result) => {
      const view = latest();
      if (view !== undefined) for (const { labels, value } of read(view)) result.observe(value, labels);
    });
  }
}

/** The SDK logs what fails, if anybody has set up a log; here it is told to the run. */
function noticing(exporter: PushMetricExporter, tell: (message: string) => void): PushMetricExporter {
  return {
    export(metrics, done) {
      exporter.export(metrics, (result) => {
        if (result.error !== undefined) tell(result.error.message);
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    ...(exporter.selectAggregationTemporality
      ? { selectAggregationTemporality: exporter.selectAggregationTemporality.bind(exporter) }
      : {}),
    ...(exporter.selectAggregation ? { selectAggregation: exporter.selectAggregation.bind(exporter) } : {}),
  };
}
