// Load on the hub's HTTP side while clients listen: health, the upgrade that must be refused, and foreign broadcasts
// that the ledger ignores. autocannon does the work.
import type autocannon from 'autocannon';
import { lazily } from '../../units/lazily.ts';
import type { HttpOutcome } from '../result/result.ts';

const library = lazily(async () => (await import('autocannon')).default);

/** Loads what it needs, a tenth of a second of work; call it before anything is measured. */
export async function prepareHttpLoad(): Promise<void> {
  await library();
}

interface HttpCase {
  readonly path: string;
  readonly expectedStatus: number;
  readonly request: Partial<autocannon.Options>;
}

// Its events carry no probe, so no client's ledger counts them.
const FOREIGN_EVENT = JSON.stringify({
  type: 'deploy.progress',
  appId: 'http-load',
  payload: { sagaId: 'http-load', message: 'background' },
});
/** Broadcasts multiply by the number of clients, so they are held to this rate in all. */
const BROADCASTS_PER_SECOND = 20;

function casesFor(broadcasts: boolean): HttpCase[] {
  const refused: HttpCase = {
    path: '/ws',
    expectedStatus: 403,
    request: {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        origin: 'https://evil.example',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-version': '13',
      },
    },
  };
  const cases: HttpCase[] = [{ path: '/healthz', expectedStatus: 200, request: {} }, refused];
  if (broadcasts) {
    const request = {
      method: 'POST' as const,
      headers: { 'content-type': 'application/json' },
      body: FOREIGN_EVENT,
      overallRate: BROADCASTS_PER_SECOND,
      // With a rate it would correct latencies, in mixed units; here they are as measured.
      ignoreCoordinatedOmission: true,
      connections: 1,
    };
    cases.push({ path: '/broadcast', expectedStatus: 202, request });
  }
  return cases;
}

/** Runs until `durationMillis` are over or `signal` aborts. */
export async function runHttpLoad(
  url: string,
  connections: number,
  durationMillis: number,
  broadcasts: boolean,
  signal: AbortSignal,
): Promise<HttpOutcome[]> {
  const run = await library();
  const base = url.replace(/^ws/, 'http').replace(/\/[^/]*$/, '');
  return Promise.all(
    casesFor(broadcasts).map((one) => runCase(run, base, one, connections, durationMillis, signal)),
  );
}

function runCase(
  run: typeof autocannon,
  base: string,
  { path, expectedStatus, request }: HttpCase,
  connections: number,
  durationMillis: number,
  signal: AbortSignal,
): Promise<HttpOutcome> {
  return new Promise((resolve, reject) => {
    const options = {
      url: `${base}${path}`,
      connections,
      duration: Math.max(1, Math.round(durationMillis / 1e3)),
      timeout: 10,
      ...request,
    };
    const instance = run(options as autocannon.Options, (error: Error | null, result: autocannon.Result) => {
      signal.removeEventListener('abort', stop);
      if (error) reject(error);
      else resolve(summarize(path, expectedStatus, result));
    });
    function stop(): void {
      // Set once its connections are made; before that there is nothing to stop.
      (instance as unknown as { stop?: () => void }).stop?.();
    }
    signal.addEventListener('abort', stop, { once: true });
  });
}

function summarize(path: string, expectedStatus: number, result: autocannon.Result): HttpOutcome {
  const byStatus =
    (result as unknown as { statusCodeStats?: Record<string, { count: number }> }).statusCodeStats ?? {};
  const expected = byStatus[String(expectedStatus)]?.count ?? 0;
  const answered = Object.values(byStatus).reduce((total, { count }) => total + count, 0);
  return {
    path,
    expectedStatus,
    requests: answered,
    requestsPerSecond: Math.round(answered / Math.max(1, result.duration)),
    p99Millis: result.latency.p99,
    errors: result.errors + result.timeouts,
    unexpectedStatuses: answered - expected,
  };
}
