// A closed loop of GET requests: each connection sends its next one when the last one is answered, also where the hub ends
// the connection with its answer, as with refused upgrades. autocannon-requests.ts sends what keeps its connection.
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { request as requestTls, Agent as TlsAgent } from 'node:https';
import { createLatencyHistogram, type LatencyHistogram } from '../../ledger/latency/latency-histogram.ts';
import { httpAddressOf } from '../../target/http/http-address.ts';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { agentOptionsFor, isTlsUrl, type TlsSettings } from '../../wire/tls/tls-settings.ts';

const ANSWER_DEADLINE_MILLIS = 10_000;
/** After an error a connection waits this long, so that an unreachable hub is not dialed in a tight loop. */
const ERROR_PAUSE_MILLIS = 50;

export interface RequestLoad {
  readonly url: string;
  readonly tls?: TlsSettings | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
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
  const isTls = isTlsUrl(load.url);
  const agentOptions = { keepAlive: true, maxSockets: load.connections, timeout: ANSWER_DEADLINE_MILLIS };
  const agent = isTls
    ? new TlsAgent({ ...agentOptions, ...agentOptionsFor(load.tls) })
    : new Agent(agentOptions);
  const options = { ...httpAddressOf(new URL(load.url)), headers: load.headers, agent };
  const answersByStatus = new Map<number, number>();
  const latency = createLatencyHistogram();
  let errors = 0;
  const startMicros = clock.nowMicros();

  async function sendInTurn(): Promise<void> {
    while (!signal.aborted) {
      const sentMicros = clock.nowMicros();
      const status = await sendOne(options);
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
    await Promise.all(Array.from({ length: load.connections }, sendInTurn));
  } finally {
    signal.removeEventListener('abort', stop);
    agent.destroy();
  }
  const elapsedMillis = (clock.nowMicros() - startMicros) / 1e3;
  return { answersByStatus, errors, latency, p99Millis: latency.percentile(0.99) / 1e3, elapsedMillis };
}

/** The status of the answer; undefined without a whole one. */
function sendOne(options: RequestOptions): Promise<number | undefined> {
  return new Promise((resolve) => {
    const fail = () => resolve(undefined);
    const sent = (options.protocol === 'https:' ? requestTls : request)(
      options,
      (response: IncomingMessage) => {
        response.on('end', () => resolve(response.statusCode));
        response.on('error', fail);
        response.resume();
      },
    );
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode);
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', fail);
    sent.on('close', fail);
    sent.end();
  });
}
