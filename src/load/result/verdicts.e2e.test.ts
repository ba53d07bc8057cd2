// Whole load tests of hubs with one fault each, all in one process: the finding that names the fault stands alone, and what
// follows from it below it.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { type LoadOptions, loadHub } from '../../library/load-hub.ts';
import { createLanes } from '../../testing/lanes.ts';
import { systemClock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import type { LoadtestResult } from './result.ts';

const TIMEOUT_MILLIS = 90_000;
const QUEUED_MESSAGES = 64;
const GRACE_MILLIS = 500;

class Client {
  readonly socket: WebSocket;
  private readonly queue: string[] = [];
  private isSending = false;

  constructor(socket: WebSocket) {
    this.socket = socket;
  }

  /** False when the queue is full. */
  push(text: string): boolean {
    if (this.isSending && this.queue.length >= QUEUED_MESSAGES) return false;
    this.queue.push(text);
    if (!this.isSending) this.sendNext();
    return true;
  }

  private sendNext(): void {
    const text = this.queue.shift();
    this.isSending = text !== undefined;
    if (text !== undefined) this.socket.send(text, () => this.sendNext());
  }
}

/** A correct hub; each fault replaces one of its methods. */
class Hub {
  readonly clients = new Set<Client>();

  add(client: Client): void {
    this.clients.add(client);
  }

  async take(text: string): Promise<void> {
    for (const client of this.clients) if (!client.push(text)) this.evict(client);
  }

  evict(client: Client): void {
    this.clients.delete(client);
    systemClock.after(GRACE_MILLIS, () => client.socket.terminate());
  }
}

class EvictsEverybody extends Hub {
  override evict(): void {
    for (const client of this.clients) super.evict(client);
  }
}

class NeverCloses extends Hub {
  override evict(client: Client): void {
    this.clients.delete(client);
  }
}

class AnswersLate extends Hub {
  override async take(text: string): Promise<void> {
    await super.take(text);
    await pause(systemClock, 5_000);
  }
}

/** Its route answers at once, and its loop writes to one client after the other, each write with a deadline. */
class WaitsForEachWrite extends Hub {
  private last: Promise<void> = Promise.resolve();

  override async take(text: string): Promise<void> {
    this.last = this.last.then(() => this.writeAll(text));
  }

  private async writeAll(text: string): Promise<void> {
    for (const client of this.clients) {
      const written = new Promise<boolean>((resolve) => client.socket.send(text, () => resolve(true)));
      const isWritten = await Promise.race([written, pause(systemClock, 3_000).then(() => false)]);
      if (!isWritten) this.evict(client);
    }
  }
}

/** Answers the handshake of whoever comes later, and registers nobody any more. */
class AdmitsNobodyLater extends Hub {
  isOpen = true;

  override async take(text: string): Promise<void> {
    this.isOpen = false;
    await super.take(text);
  }

  override add(client: Client): void {
    if (this.isOpen) super.add(client);
  }
}

const HUBS: Readonly<Record<string, Hub>> = {
  good: new Hub(),
  closed: new AdmitsNobodyLater(),
  everybody: new EvictsEverybody(),
  open: new NeverCloses(),
  late: new AnswersLate(),
  waiting: new WaitsForEachWrite(),
};
const hubOf = ({ url = '' }: IncomingMessage) => HUBS[url.split('/')[1] ?? ''];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = (await request.setEncoding('utf8').toArray()).join('');
  const isSingle = request.headers['content-type'] === 'application/json';
  if (isSingle) await hubOf(request)?.take(text);
  response.writeHead(isSingle ? 202 : 415).end();
}

const server = createServer((request, response) => void answer(request, response));
const upgrades = new WebSocketServer({
  server,
  verifyClient: ({ origin }: { origin?: string }) => !/evil|^null$/.test(origin ?? ''),
});
upgrades.on('connection', (socket, request) => {
  const client = new Client(socket);
  const hub = hubOf(request);
  hub?.add(client);
  socket.on('close', () => hub?.clients.delete(client)).on('error', () => {});
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  for (const socket of upgrades.clients) socket.terminate();
  server.closeAllConnections();
  server.close();
});

/** More of them starve the hubs, which share this process. */
const inLane = createLanes(3);
const load = (name: string, options: LoadOptions = {}) => inLane(() => loadOnce(name, options));

async function loadOnce(name: string, options: LoadOptions): Promise<LoadtestResult> {
  const { port } = server.address() as AddressInfo;
  return loadHub({
    url: `ws://127.0.0.1:${port}/${name}`,
    broadcastUrl: `http://127.0.0.1:${port}/${name}/broadcast`,
    cohorts: ['fast=6', 'asleep=2:stall(after=3)'],
    ratePerSecond: 20,
    durationMillis: 2_000,
    warmupMillis: 200,
    workers: 1,
    clientBufferMessages: QUEUED_MESSAGES,
    ...options,
  });
}

const rootsOf = ({ findings }: LoadtestResult) =>
  findings.filter(({ followsFrom }) => followsFrom === undefined).map(({ name, cohort }) => [name, cohort]);
/** An overloaded machine decides nothing about the hub. */
const verdictOf = ({ verdict, generator }: LoadtestResult) => (generator.limited ? 'overloaded' : verdict);

describe.concurrent('the load test of a hub', { timeout: TIMEOUT_MILLIS }, () => {
  it('that evicts everybody with one slow client says that first, and the rest below it', async ({
    expect,
  }) => {
    const result = await load('everybody');
    expect(rootsOf(result)).toEqual([['fast-evicted', 'fast']]);
    expect(result.cohorts.map(({ evicted }) => evicted)).toEqual([6, 2]);
    expect(['failed', 'overloaded']).toContain(verdictOf(result));
  });

  it('that never closes the sockets of clients that it evicts names these clients', async ({ expect }) => {
    const result = await load('open');
    expect(rootsOf(result)).toEqual([['forgotten', 'asleep']]);
    expect(result.findings[0]?.message).toContain('2 clients are connected and read');
    expect(['failed', 'overloaded']).toContain(verdictOf(result));
  });

  it('whose route answers after 5 s is inconclusive, and blames no client', async ({ expect }) => {
    const result = await load('late', { cohorts: ['fast=6'], ratePerSecond: 2 });
    expect(rootsOf(result)).toEqual([['publish', undefined]]);
    expect(result.findings[0]).toMatchObject({ severity: 'warning' });
    expect(result.findings[0]?.message).toMatch(/^the broadcast route is slow: .* after 5(\.\d)? s/);
    expect(result).toMatchObject({ verdict: 'inconclusive', pace: { limitedBy: 'route' } });
  });

  it('counts clients that join and leave by stages, and what each is owed', async ({ expect }) => {
    const result = await load('good', {
      cohorts: ['fast=4'],
      stages: ['1s:20, 500ms:20, 1s:6, 500ms:6'],
      ratePerSecond: undefined,
      rateStages: '1s:40, 2s:40',
      durationMillis: undefined,
      workers: 2,
    });
    expect(result.findings).toEqual([]);
    expect(result.cohorts).toMatchObject([
      { clients: 20, connected: 20, left: 14, open: 6, evicted: 0, lost: 0 },
    ]);
    expect(result.ledger).toMatchObject({ balanced: true, lost: 0 });
    expect(result.plan).toMatchObject({ rateStages: '1s:40, 2s:40', durationMs: 3_000 });
    expect(result.throughput.publishedPerSecond).toBeLessThan(40);
    expect(['passed', 'overloaded']).toContain(verdictOf(result));
  });

  it('that admits newcomers and never sends them anything is found', async ({ expect }) => {
    const result = await load('closed', { cohorts: ['fast=3'], stages: ['1s:6, 1s:6'], workers: 2 });
    expect(rootsOf(result)).toEqual([['deaf', 'fast']]);
    expect(result.findings[0]?.message).toContain('3 clients joined while the run went on and got nothing');
    expect(result.findings).toMatchObject([{}, { name: 'lost', followsFrom: 'deaf' }]);
    expect(result.ledger.balanced).toBe(true);
    expect(['failed', 'overloaded']).toContain(verdictOf(result));
  });

  it('whose route answers at once and whose loop waits for each write is blocked by the slow client', async ({
    expect,
  }) => {
    const result = await load('waiting');
    expect(rootsOf(result)).toEqual([['blocked', 'asleep']]);
    expect(result.findings[0]?.message).toMatch(/until the hub disconnected them: a slow client blocks/);
    expect(['failed', 'overloaded']).toContain(verdictOf(result));
  });
});
