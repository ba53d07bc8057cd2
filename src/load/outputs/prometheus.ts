// The live metrics to be scraped from /metrics while the run goes on.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import type { ProgressView } from '../coordinator/run-options.ts';
import type { Output, OutputContext } from './output.ts';
import { PROMETHEUS_CONTENT_TYPE, renderPrometheus } from './prometheus-text.ts';

const MAX_CONNECTIONS = 100;

/** Listens on `host:port` (port 0: any free one; `where` tells which). The problem says why it cannot. */
export async function openPrometheus(
  host: string,
  port: number,
  { warn }: OutputContext,
): Promise<Parsed<Output>> {
  let latest: ProgressView | undefined;
  const server = createServer((request, response) => {
    const path = request.url?.replace(/\?.*$/, '');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { 'Content-Type': 'text/plain', Allow: 'GET, HEAD' }).end('read only\n');
    } else if (path !== '/metrics') {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('GET /metrics\n');
    } else response.writeHead(200, { 'Content-Type': PROMETHEUS_CONTENT_TYPE }).end(renderPrometheus(latest));
  });
  server.maxConnections = MAX_CONNECTIONS;
  const bound = await listen(server, host, port);
  if (!bound.ok) return bound;
  const where = `http://${host.includes(':') ? `[${host}]` : host}:${bound.value}/metrics`;
  // A connection that cannot be taken, such as for want of descriptors, is the scraper's loss and not the run's.
  server.once('error', (error) => warn(`${where} missed a connection: ${error.message}`));
  server.on('error', () => {});
  return parsed({
    where,
    take(view) {
      latest = view;
    },
    async end() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  });
}

function listen(server: Server, host: string, port: number): Promise<Parsed<number>> {
  return new Promise((resolve) => {
    const refuse = (error: Error) => resolve(unparsed(`cannot listen on ${host}:${port}: ${error.message}`));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve(parsed((server.address() as AddressInfo).port));
    });
  });
}
