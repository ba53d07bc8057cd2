// Requests whose connections the hub keeps, sent by autocannon. Upgrades are not sent this way: the hub ends their
// connection with its answer, and autocannon times such answers from the first request of a connection.
import type autocannon from 'autocannon';
import { addressOf, requestUrlOf } from '../../wire/hub-address.ts';
import { agentOptionsFor, isTlsUrl } from '../../wire/tls/tls-settings.ts';
import type { MeasuredRequests, RequestLoad } from './http-requests.ts';

export interface KeptConnectionLoad extends RequestLoad {
  /** Sent with POST; GET without one. */
  readonly body?: string;
  /** Requests per second over all connections; as many as are answered when absent. */
  readonly requestsPerSecond?: number;
}

const ANSWER_DEADLINE_SECONDS = 10;

/** Sends requests for `durationMillis`, in whole seconds, or until `signal` aborts. */
export async function sendWithAutocannon(
  load: KeptConnectionLoad,
  durationMillis: number,
  signal: AbortSignal,
): Promise<MeasuredRequests> {
  const { default: run } = await import('autocannon');
  const { url, tls, headers, body, connections, requestsPerSecond } = load;
  const options: autocannon.Options = {
    ...addressFor(url),
    ...(isTlsUrl(url) && { tlsOptions: agentOptionsFor(tls) }),
    headers,
    connections,
    duration: Math.max(1, Math.round(durationMillis / 1e3)),
    timeout: ANSWER_DEADLINE_SECONDS,
    ...(body !== undefined && { method: 'POST' as const, body }),
    // With a rate it would correct latencies, in mixed units; here they are as measured.
    ...(requestsPerSecond !== undefined && {
      overallRate: requestsPerSecond,
      ignoreCoordinatedOmission: true,
    }),
  };
  return new Promise((resolve, reject) => {
    const instance = run(options, (error: Error | null, result: autocannon.Result) => {
      signal.removeEventListener('abort', stop);
      if (error) reject(error);
      else resolve(measuredBy(result));
    });
    // Its `stop` is there once its connections are made; before that there is nothing to stop.
    const stop = () => (instance as unknown as { stop?: () => void }).stop?.();
    signal.addEventListener('abort', stop, { once: true });
  });
}

/** On a Unix socket it takes the path of the socket apart from the URL. */
function addressFor(url: string): Pick<autocannon.Options, 'url' | 'socketPath'> {
  const { socketPath } = addressOf(url);
  if (socketPath === undefined) return { url };
  const { pathname, search } = requestUrlOf(url);
  return { url: `http://localhost${pathname}${search}`, socketPath };
}

function measuredBy(result: autocannon.Result): MeasuredRequests {
  const { statusCodeStats = {} } = result as { statusCodeStats?: Record<string, { count: number }> };
  return {
    answersByStatus: new Map(
      Object.entries(statusCodeStats).map(([status, { count }]) => [Number(status), count]),
    ),
    errors: result.errors + result.timeouts,
    p99Millis: result.latency.p99,
    elapsedMillis: result.duration * 1e3,
  };
}
