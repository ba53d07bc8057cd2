// A closed loop of HTTP requests: each connection sends its next request when the last one is answered, also where the
// hub ends the connection with its answer, as with refused upgrades. autocannon-requests.ts serves kept connections.
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { createLatencyHistogram, type LatencyHistogram } from '../../ledger/latency/latency-histogram.ts';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';

const ANSWER_DEADLINE_MILLIS = 10_000;
/** After an error a connection waits this long, so that an unreachable hub is not dialed in a tight loop. */
const ERROR_PAUSE_MILLIS = 50;

export interface RequestLoad {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly connections: number;
  /** Requests per second over all connections; as many as are answered when absent. */
  readonly requestsPerSecond?: number;
}

export interface MeasuredRequests {
  readonly answersByStatus: ReadonlyMap<number, number>;
  /** Requests without a whole answer within the deadline. */
  readonly errors: number;
  readonly p99Millis: number;
  readonly elapsedMillis: number;
}

/** Constant memory: counts and one histogram. */
export interface RequestCounts extends MeasuredRequests {
  /** From a request, and the connection it needed, to the end of its answer, whatever the status. */
  readonly latency: LatencyHistogram;
}

/** Sends requests until `signal` aborts; what is unanswered then is not counted. */
export async function sendRequests(
  load: RequestLoad,
  clock: Clock,
  signal: AbortSignal,
): Promise<RequestCounts> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections, timeout: ANSWER_DEADLINE_MILLIS });
  const { hostname: host, port, pathname: path } = new URL(load.url);
  const options = { host, port, path, method: load.method, headers: load.headers, agent };
  const answersByStatus = new Map<number, number>();
  const latency = createLatencyHistogram();
  let errors = 0;
  const startMicros = clock.nowMicros();

  async function sendInTurn(connection: number): Promise<void> {
    const intervalMicros = intervalOf(load);
    let dueMicros = startMicros + (connection * intervalMicros) / load.connections;
    while (!signal.aborted) {
      const sentMicros = clock.nowMicros();
      if (dueMicros > sentMicros) {
        await pause(clock, Math.ceil((dueMicros - sentMicros) / 1e3), signal);
        continue;
      }
      // A turn that came late is not made up for: the load is a rate, not a number of requests.
      dueMicros = Math.max(dueMicros + intervalMicros, sentMicros);
      const status = await sendOne(options, load.body);
      if (signal.aborted) return;
      if (status !== undefined) {
        latency.record(clock.nowMicros() - sentMicros);
        answersByStatus.set(status, (answersByStatus.get(status) ?? 0) + 1);
      } else {
        errors++;
        await pause(clock, ERROR_PAUSE_MILLIS, signal);
      }
    }
  }

  const stop = () => agent.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.all(Array.from({ length: load.connections }, (_, connection) => sendInTurn(connection)));
  } finally {
    signal.removeEventListener('abort', stop);
    agent.destroy();
  }
  const elapsedMillis = (clock.nowMicros() - startMicros) / 1e3;
  return { answersByStatus, errors, latency, p99Millis: latency.percentile(0.99) / 1e3, elapsedMillis };
}

function intervalOf({ requestsPerSecond, connections }: RequestLoad): number {
  return requestsPerSecond === undefined ? 0 : (connections * 1e6) / requestsPerSecond;
}

/** The status of the answer; undefined without a whole one. */
function sendOne(options: RequestOptions, body: string | undefined): Promise<number | undefined> {
  return new Promise((resolve) => {
    const fail = () => resolve(undefined);
    const sent = request(options, (response: IncomingMessage) => {
      response.on('end', () => resolve(response.statusCode));
      response.on('error', fail);
      response.resume();
    });
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode);
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', fail);
    sent.on('close', fail);
    sent.end(body);
  });
}
