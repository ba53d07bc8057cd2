// Broadcast routes that refuse: some events, everything from the start, everything from a moment on, or what they have
// delivered. A proxy before the reference hub gives the answers.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadHub } from '../../../library/load-hub.ts';
import { startReferenceTarget } from '../../../target/spawn/reference.ts';
import type { Target } from '../../../target/target.ts';
import { untilDecided } from '../../../testing/defect-tests/until-decided.ts';

const TIMEOUT_MILLIS = 120_000;
let hub: Target;
const servers: ReturnType<typeof createServer>[] = [];

beforeAll(async () => {
  const started = await startReferenceTarget();
  if (!started.ok) throw new Error(started.problem);
  hub = started.target;
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
afterAll(() => hub.close());

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

interface RouteAnswer {
  readonly status: number;
  readonly isDelivered?: boolean;
}

/** Again while the machine was too busy to publish at the rate of the plan. */
const load = (answerOf: Parameters<typeof loadOnce>[0]) =>
  untilDecided(
    () => loadOnce(answerOf),
    ({ pace }) => pace?.limitedBy === 'generator' || pace?.limitedBy === 'route',
  );

/** Takes one event a request; `answerOf` says what becomes of each, counted from 0. */
async function loadOnce(answerOf: (request: number) => RouteAnswer | undefined) {
  let requests = 0;
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    if (request.headers['content-type'] === 'application/x-ndjson') {
      response.writeHead(415).end();
      return;
    }
    const answer = answerOf(requests++);
    if (answer === undefined || answer.isDelivered) await hub.broadcast([body]);
    response.writeHead(answer?.status ?? 202, { 'content-type': 'text/plain' });
    response.end(answer === undefined ? '' : `<b>no</b> to ${answer.status}`);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return loadHub({
    url: hub.url,
    broadcastUrl: `http://127.0.0.1:${port}/broadcast`,
    cohorts: ['fast=4'],
    ratePerSecond: 60,
    durationMillis: 2_000,
    warmupMillis: 200,
    workers: 1,
  });
}

const errorsOf = (findings: readonly { severity: string; message: string }[]) =>
  findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);

describe('a broadcast route that refuses', () => {
  it.each([429, 500, 503])(
    'some events with %i passes, with the refusals counted',
    { timeout: TIMEOUT_MILLIS },
    async (status) => {
      const result = await load((request) => (request === 40 || request === 60 ? { status } : undefined));
      expect(errorsOf(result.findings)).toEqual([]);
      expect(result.verdict).toBe('passed');
      expect(result.publishing).toMatchObject({
        refused: 2,
        unanswered: 0,
        refusals: [{ status, events: 2 }],
      });
      expect(result.ledger).toMatchObject({ balanced: true, lost: 0 });
      expect(result.findings).toMatchObject([{ name: 'publish', severity: 'warning' }]);
    },
  );

  it('what it has delivered blames nobody for it', { timeout: TIMEOUT_MILLIS }, async () => {
    const result = await load((request) => (request === 40 ? { status: 500, isDelivered: true } : undefined));
    expect(errorsOf(result.findings)).toEqual([]);
    expect(result.cohorts).toMatchObject([{ duplicated: 0, corrupted: 0, lost: 0 }]);
    expect(result.findings[0]?.message).toContain('delivered some of them all the same (4 deliveries)');
  });

  it.each([301, 401, 404])(
    'everything with %i is a setup error',
    { timeout: TIMEOUT_MILLIS },
    async (status) => {
      await expect(load(() => ({ status }))).rejects.toMatchObject({
        code: 'TARGET_FAILED',
        message: expect.stringMatching(
          new RegExp(`^the broadcast route refuses every event: POST .* answered ${status} \\(.*<b>no</b>`),
        ),
      });
    },
  );

  it('everything from a moment on is inconclusive, as the load was not reached', {
    timeout: TIMEOUT_MILLIS,
  }, async () => {
    const result = await load((request) => (request > 30 ? { status: 500 } : undefined));
    expect(result.publishing?.refused).toBeGreaterThan(50);
    expect(result).toMatchObject({ verdict: 'inconclusive', pace: { limitedBy: 'refusals' } });
  });
});
