// The live metrics in Prometheus' text format 0.0.4. Written here and not by a client library: those count for
// themselves, and here the numbers are there already, histograms included.
import type { ProgressView } from '../coordinator/run-options.ts';
import { LIVE_METRICS } from './live-metrics.ts';

export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

type Labels = Readonly<Record<string, string>>;

/** Metrics that have no value yet are there with their help and type. */
export function renderPrometheus(view: ProgressView | undefined): string {
  const lines: string[] = [];
  for (const metric of LIVE_METRICS) {
    const { name, help, kind } = metric;
    lines.push(`# HELP ${name} ${escapeText(help)}`, `# TYPE ${name} ${kind}`);
    if (view === undefined) continue;
    if (metric.kind !== 'histogram')
      for (const { labels, value } of metric.read(view)) lines.push(sample(name, labels, value));
    else
      for (const { labels, counts, sum } of metric.read(view)) {
        let reached = 0;
        for (const [index, count] of counts.entries()) {
          reached += count;
          const le = String(metric.bounds[index] ?? '+Inf');
          lines.push(sample(`${name}_bucket`, { ...labels, le }, reached));
        }
        lines.push(sample(`${name}_sum`, labels, sum), sample(`${name}_count`, labels, reached));
      }
  }
  return `${lines.join('\n')}\n`;
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(
    ([key, text]) => `${key}="${escapeText(text).replace(/"/g, '\\"')}"`,
  );
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`;
}

function escapeText(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
}
