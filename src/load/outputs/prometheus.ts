// The live metrics as Prometheus text, to be scraped from /metrics while the run goes on.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, Gauge, Registry } from 'prom-client';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import type { ProgressView } from '../run-options.ts';
import { LIVE_METRICS } from './live-metrics.ts';
import type { Output } from './output.ts';

/** Listens on `host:port` (port 0: any free one; `where` tells which). The problem says why it cannot. */
export async function openPrometheus(host: string, port: number): Promise<Parsed<Output>> {
  let latest: ProgressView | undefined;
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.replace(/\?.*$/, '') !== '/metrics') {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('GET /metrics\n');
      return;
    }
    renderMetrics(latest).then(
      ({ contentType, text }) => response.writeHead(200, { 'Content-Type': contentType }).end(text),
      () => response.destroy(),
    );
  });
  const bound = await listen(server, host, port);
  if (!bound.ok) return bound;
  return parsed({
    where: `http://${host.includes(':') ? `[${host}]` : host}:${bound.value}/metrics`,
    take(view) {
      latest = view;
    },
    async end() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      return undefined;
    },
  });
}

function listen(server: Server, host: string, port: number): Promise<Parsed<number>> {
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(unparsed(`cannot listen on ${host}:${port}: ${error.message}`)));
    server.listen(port, host, () => resolve(parsed((server.address() as AddressInfo).port)));
  });
}

/** A registry for each scrape: what a cohort or a phase no longer has must not stay behind. */
async function renderMetrics(view: ProgressView | undefined): Promise<{ contentType: string; text: string }> {
  const registry = new Registry();
  for (const { name, kind, help, labels, read } of LIVE_METRICS) {
    const options = { name, help, labelNames: [...labels], registers: [registry] };
    const points = view === undefined ? [] : read(view);
    if (kind === 'counter') {
      const counter = new Counter(options);
      for (const { labels, value } of points) counter.inc(labels, value);
    } else {
      const gauge = new Gauge(options);
      for (const { labels, value } of points) gauge.set(labels, value);
    }
  }
  return { contentType: registry.contentType, text: await registry.metrics() };
}
