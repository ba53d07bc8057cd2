// The clients of a worker on a host with several addresses.
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { createHub, type Hub } from '../../hub/hub.ts';
import type { HubAccess } from '../../target/identity/client-identity.ts';
import { systemClock } from '../../time/clock.ts';
import { portOf } from '../../wire/hub-address.ts';
import { createWorkerClients, type WorkerClients } from './worker-clients.ts';

const HOST = 'hub.example';
const FOUND = ['127.0.0.1', '127.0.0.2', '127.0.0.3'].map((address) => ({ address, family: 4 }));
type Found = (error: null, found: typeof FOUND) => void;

const lookUp = vi.fn();
const lookUpAny = dns.lookup as (host: string, options: object, found: Found) => void;
function lookUpHere(host: string, options: object, found: Found): void {
  if (host !== HOST) {
    lookUpAny(host, options, found);
    return;
  }
  lookUp(host);
  found(null, FOUND);
}
const spy = vi.spyOn(dns, 'lookup').mockImplementation(lookUpHere as typeof dns.lookup);
syncBuiltinESMExports();
afterAll(() => {
  spy.mockRestore();
  syncBuiltinESMExports();
});

const hubs: Hub[] = [];
afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.stop()));
});

async function startHub(port: number, host: string): Promise<number> {
  const hub = createHub();
  hubs.push(hub);
  return portOf((await hub.listen(port, host)).url) ?? 0;
}

async function connectFive(hub: HubAccess): Promise<WorkerClients> {
  const clients = createWorkerClients({
    runId: 'r',
    hubs: [hub],
    deadlineMillis: 10_000,
    clock: systemClock,
  });
  const cohort = { name: 'fast', clients: 5, behaviour: { kind: 'fast' } } as const;
  await clients.join({
    cohort,
    firstClient: 0,
    clientsBefore: 0,
    connectionsPerSecond: 1_000,
    cohortClients: cohort.clients,
    worker: 0,
    workers: 1,
  });
  return clients;
}

// Only on Linux is all of 127.0.0.0/8 this machine.
const LINUX = process.platform === 'linux';

it.skipIf(!LINUX)(
  'are spread over the addresses that answer, for which the name is looked up once',
  async () => {
    const port = await startHub(0, '127.0.0.1');
    await startHub(port, '127.0.0.2');
    const clients = await connectFive({ url: `ws://${HOST}:${port}/ws` });
    expect(lookUp).toHaveBeenCalledTimes(1);
    expect(hubs.map((hub) => hub.stats().clients)).toEqual([3, 2]);
    const { cohorts } = clients.finish({});
    expect(cohorts[0]?.addresses).toEqual({ '127.0.0.1': 3, '127.0.0.2': 2 });
  },
);

it.skipIf(!LINUX)(
  'connect from each source to each address that the run has found, and look nothing up',
  async () => {
    lookUp.mockClear();
    const port = await startHub(0, '127.0.0.1');
    const clients = await connectFive({
      url: `ws://${HOST}:${port}/ws`,
      addresses: [{ address: '127.0.0.1', family: 4 }],
      sources: ['127.0.0.5', '127.0.0.6'],
    });
    expect(lookUp).not.toHaveBeenCalled();
    expect(hubs[0]?.stats().clients).toBe(5);
    const { cohorts } = clients.finish({});
    expect(cohorts[0]?.sources).toEqual({ '127.0.0.5': 3, '127.0.0.6': 2 });
  },
);
