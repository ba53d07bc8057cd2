// Clients of a worker with a certificate and a subprotocol each, as a server sees them.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHub, type Hub } from '../../hub/hub.ts';
import { connectAs, type HubAccess } from '../../target/identity/client-identity.ts';
import { parseTargetFlags } from '../../target/target-flags.ts';
import { createTestCertificates, type TestCertificates } from '../../testing/tls/test-certificates.ts';
import { systemClock } from '../../time/clock.ts';
import { createWorkerClients } from './worker-clients.ts';

let certificates: TestCertificates;
let hub: Hub;
const names: string[] = [];
let url: string;

beforeAll(async () => {
  certificates = createTestCertificates();
  const { server: pair, ca } = certificates;
  const tls = { cert: readFileSync(pair.cert), key: readFileSync(pair.key), ca: readFileSync(ca) };
  const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true });
  server.on('tlsClientError', () => {});
  server.on('secureConnection', (socket: TLSSocket) =>
    names.push(String(socket.getPeerCertificate().subject.CN)),
  );
  hub = createHub({ server });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `wss://127.0.0.1:${(server.address() as { port: number }).port}/ws`;
});
afterAll(async () => {
  await hub.stop();
  certificates.remove();
});

function accessOf(flags: Parameters<typeof parseTargetFlags>[0]): HubAccess {
  const choice = parseTargetFlags({ url, ca: [certificates.ca], ...flags });
  if (!choice.ok) throw new Error(choice.problem);
  return { url, tls: choice.value.tls, identity: choice.value.identity };
}

async function join(access: HubAccess) {
  const clients = createWorkerClients({
    runId: 'r',
    hubs: [access],
    deadlineMillis: 10_000,
    clock: systemClock,
  });
  const cohort = { name: 'fast', clients: 2, behaviour: { kind: 'fast' } } as const;
  await clients.join({
    cohort,
    firstClient: 0,
    clientsBefore: 0,
    connectionsPerSecond: 1_000,
    cohortClients: cohort.clients,
    worker: 0,
    workers: 1,
  });
  return clients.finish({}).cohorts[0];
}

it('each show the certificate of their row, and one without is refused by TLS', async () => {
  const { client, otherName } = certificates;
  const file = `${certificates.folder}/rows.ndjson`;
  writeFileSync(file, [client, otherName].map((pair) => JSON.stringify(pair)).join('\n'));
  const access = accessOf({ cert: '{cert}', key: '{key}', clientData: file, subprotocol: ['dash.v1'] });
  expect(connectAs(access, { client: 2, cohort: 'fast', inCohort: 1 }).subprotocols).toEqual(['dash.v1']);
  expect(await join(access)).toMatchObject({ connected: 2, failures: [], subprotocols: { '': 2 } });
  expect(names.toSorted()).toEqual(['client', 'other']);
  expect(await join(accessOf({}))).toMatchObject({ connected: 0, failures: [{ cause: 'tls', count: 2 }] });
});
