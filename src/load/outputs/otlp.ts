// The live metrics to an OpenTelemetry collector, by the official SDK, as OTLP over HTTP. Loaded only when asked for. A
// collector that is slow or dead costs the run nothing: one export at a time, each with a deadline; the first failure is
// reported, and the end of the run cuts what is still under way.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  MeterProvider,
  type MetricProducer,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { withDeadline } from '../../time/deadline.ts';
import type { ProgressView } from '../coordinator/run-options.ts';
import { readOtlpMetrics } from './otlp-metrics.ts';
import type { Output, OutputContext } from './output.ts';

const EXPORT_INTERVAL_MILLIS = 1_000;
const EXPORT_DEADLINE_MILLIS = 900;
const END_DEADLINE_MILLIS = 2_500;
const METRICS_PATH = '/v1/metrics';

/** `url` is the collector's; its usual path is added when there is none. */
export function openOtlp(url: string, context: OutputContext): Output {
  const { clock, kitVersion, instance } = context;
  const address = new URL(url);
  if (address.pathname === '/') address.pathname = METRICS_PATH;
  const agent = new (address.protocol === 'https:' ? HttpsAgent : HttpAgent)({ keepAlive: true });
  const exporter = new OTLPMetricExporter({
    url: address.href,
    timeoutMillis: EXPORT_DEADLINE_MILLIS,
    temporalityPreference: AggregationTemporality.CUMULATIVE,
    httpAgentOptions: () => agent,
  });
  let hasWarned = false;
  const notice = (problem: string) => {
    if (!hasWarned) context.warn(`not all metrics reach ${address.href}, the run goes on: ${problem}`);
    hasWarned = true;
  };
  const latest = createLatest(context);
  const provider = new MeterProvider({
    resource: resourceFromAttributes({
      'service.name': 'norn-loadtest',
      'service.version': kitVersion,
      'service.instance.id': instance,
    }),
    readers: [
      new PeriodicExportingMetricReader({
        exporter: noticeFailures(exporter, notice),
        exportIntervalMillis: EXPORT_INTERVAL_MILLIS,
        exportTimeoutMillis: EXPORT_DEADLINE_MILLIS,
        metricProducers: [latest],
      }),
    ],
  });
  return {
    where: address.href,
    take: latest.take,
    async end() {
      await withDeadline(clock, provider.shutdown(), END_DEADLINE_MILLIS, 'end of exports').catch(
        (error: Error) => notice(error.message),
      );
      agent.destroy();
    },
  };
}

/** What the SDK asks for once a second; nothing before the first view. */
function createLatest({ clock, kitVersion }: OutputContext): MetricProducer & Pick<Output, 'take'> {
  let latest: ProgressView | undefined;
  let startMillis = 0;
  return {
    take(view) {
      if (latest === undefined || view.elapsedMillis < latest.elapsedMillis)
        startMillis = clock.wallMillis() - view.elapsedMillis;
      latest = view;
    },
    async collect() {
      const metrics = latest === undefined ? [] : readOtlpMetrics(latest, startMillis, clock.wallMillis());
      const scope = { name: 'norn-loadtest', version: kitVersion };
      const scopeMetrics = metrics.length === 0 ? [] : [{ scope, metrics }];
      return { resourceMetrics: { resource: resourceFromAttributes({}), scopeMetrics }, errors: [] };
    },
  };
}

/** The SDK logs what fails, if anybody has set up a log; here the run reports it. */
function noticeFailures(exporter: OTLPMetricExporter, notice: (problem: string) => void): PushMetricExporter {
  return {
    export(metrics, done) {
      exporter.export(metrics, (result) => {
        if (result.error) notice(result.error.message);
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    selectAggregationTemporality: (instrument) => exporter.selectAggregationTemporality(instrument),
    selectAggregation: (instrument) => exporter.selectAggregation(instrument),
  };
}
