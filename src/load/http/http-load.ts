// Load on the hub's HTTP side while clients listen: health checks, an upgrade that must be refused, and broadcasts that
// the ledger ignores.
import type { Clock } from '../../time/clock.ts';
import { httpUrlOf } from '../../wire/hub-address.ts';
import type { TlsSettings } from '../../wire/tls/tls-settings.ts';
import type { HttpOutcome } from '../result/parts/http.ts';
import { sendWithAutocannon } from './autocannon-requests.ts';
import { type MeasuredRequests, sendRequests } from './http-requests.ts';

interface HttpCase {
  readonly path: string;
  readonly expectedStatus: number;
  readonly send: (url: string) => Promise<MeasuredRequests>;
}

// Its events carry no probe, so no client's ledger counts them.
const UNPROBED_EVENT = JSON.stringify({
  type: 'deploy.progress',
  appId: 'http-load',
  payload: { sagaId: 'http-load', message: 'background' },
});
/** Each broadcast is multiplied by the number of clients, so their rate is fixed. */
const BROADCASTS_PER_SECOND = 20;

const FORBIDDEN_UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  origin: 'https://evil.example',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
};

function casesFor(options: HttpLoadOptions, over: AbortSignal): HttpCase[] {
  const { tls, connections, durationMillis, hasBroadcasts, clock } = options;
  const cases: HttpCase[] = [
    {
      path: '/healthz',
      expectedStatus: 200,
      send: (url) => sendWithAutocannon({ url, tls, headers: {}, connections }, durationMillis, over),
    },
    {
      path: '/ws',
      expectedStatus: 403,
      send: (url) => sendRequests({ url, tls, headers: FORBIDDEN_UPGRADE, connections }, clock, over),
    },
  ];
  if (hasBroadcasts) {
    const load = {
      headers: { 'content-type': 'application/json' },
      body: UNPROBED_EVENT,
      connections: 1,
      requestsPerSecond: BROADCASTS_PER_SECOND,
    };
    cases.push({
      path: '/broadcast',
      expectedStatus: 202,
      send: (url) => sendWithAutocannon({ url, tls, ...load }, durationMillis, over),
    });
  }
  return cases;
}

export interface HttpLoadOptions {
  /** Of the WebSocket endpoint. */
  readonly hubUrl: string;
  readonly tls?: TlsSettings | undefined;
  /** For each path but `/broadcast`, which has one. */
  readonly connections: number;
  readonly durationMillis: number;
  readonly hasBroadcasts: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Runs until `durationMillis` are over or `signal` aborts. */
export async function runHttpLoad(options: HttpLoadOptions): Promise<HttpOutcome[]> {
  const over = new AbortController();
  const end = () => over.abort();
  const timer = options.clock.after(options.durationMillis, end);
  options.signal.addEventListener('abort', end, { once: true });
  if (options.signal.aborted) end();
  try {
    const cases = casesFor(options, over.signal);
    return await Promise.all(
      cases.map(async (one) =>
        summarize(one, await one.send(httpUrlOf(options.hubUrl, one.path.slice(1)).href)),
      ),
    );
  } finally {
    timer.cancel();
    options.signal.removeEventListener('abort', end);
  }
}

function summarize(
  { path, expectedStatus }: HttpCase,
  { answersByStatus, errors, p99Millis, elapsedMillis }: MeasuredRequests,
): HttpOutcome {
  const requests = [...answersByStatus.values()].reduce((total, count) => total + count, 0);
  return {
    path,
    expectedStatus,
    requests,
    requestsPerSecond: Math.round(requests / Math.max(1, elapsedMillis / 1e3)),
    p99Millis,
    errors,
    unexpectedStatuses: requests - (answersByStatus.get(expectedStatus) ?? 0),
  };
}
