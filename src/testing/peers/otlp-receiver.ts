// A collector on loopback that records the OTLP metrics it receives as JSON. A test chooses its answers: normal, an error,
// none, or bytes without end.
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

const TRICKLE_MILLIS = 100;

interface OtlpPoint {
  readonly asDouble?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly bucketCounts?: readonly number[];
  readonly explicitBounds?: readonly number[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
}

export interface OtlpMetric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly sum?: { readonly dataPoints: readonly OtlpPoint[] };
  readonly gauge?: { readonly dataPoints: readonly OtlpPoint[] };
  readonly histogram?: { readonly dataPoints: readonly OtlpPoint[] };
}

export interface OtlpRequest {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly OtlpMetric[] }[];
  }[];
}

export async function receiveOtlp(answer: number | 'never' | 'trickle') {
  const requests: OtlpRequest[] = [];
  const paths = new Set<string>();
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      paths.add(request.url ?? '');
      requests.push(JSON.parse(Buffer.concat(chunks).toString()) as OtlpRequest);
      if (answer === 'never') return;
      response.writeHead(answer === 'trickle' ? 200 : answer, { 'Content-Type': 'application/json' });
      if (answer !== 'trickle') {
        response.end('{}');
        return;
      }
      const timer = setInterval(() => response.write(' '), TRICKLE_MILLIS);
      response.on('close', () => clearInterval(timer));
    });
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    paths: () => [...paths],
    openConnections: () => sockets.size,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function findMetric(request: OtlpRequest | undefined, name: string): OtlpMetric | undefined {
  return request?.resourceMetrics
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
    .find((metric) => metric.name === name);
}
