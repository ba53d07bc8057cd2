// The forwarder between real sockets: what goes in comes out, ends are passed on as what they were, and a reader that stops
// also stops the writer.
import { once } from 'node:events';
import { createServer, type Server, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../time/clock.ts';
import { USUAL_CONDITIONS } from './conditions.ts';
import { createForwarder } from './forwarder.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).reverse()) close();
});

async function setUp(host = '127.0.0.1') {
  const server: Server = createServer({ allowHalfOpen: true });
  await new Promise<void>((resolve) => server.listen({ host, port: 0 }, resolve));
  const { port } = server.address() as { port: number };
  const forwarder = createForwarder(systemClock);
  forwarder.forwardTo({ host, port });
  const forwardedPort = await forwarder.listen();
  closers.push(() => server.close(), forwarder.close);
  async function connect() {
    const atHub = once(server, 'connection') as Promise<[Socket]>;
    const client = dial();
    const [hub] = await atHub;
    closers.push(() => hub.destroy());
    return { client, hub };
  }
  function dial(): Socket {
    const client = new Socket({ allowHalfOpen: true });
    client.connect({ host: '127.0.0.1', port: forwardedPort });
    closers.push(() => client.destroy());
    return client;
  }
  return { forwarder, server, connect, dial };
}

const read = async (socket: Socket) => String((await once(socket, 'data'))[0]);
const failure = (socket: Socket) =>
  once(socket, 'error').then(([error]) => (error as NodeJS.ErrnoException).code);

describe('a forwarder', () => {
  it.each(['127.0.0.1', '::1'])(
    'passes bytes on in both directions, and each end for itself (%s)',
    async (host) => {
      const { connect } = await setUp(host);
      const { client, hub } = await connect();
      client.write('to the hub');
      expect(await read(hub)).toBe('to the hub');
      hub.end('the last bytes');
      expect(await read(client)).toBe('the last bytes');
      await once(client.resume(), 'end');
      client.write('still sent');
      expect(await read(hub)).toBe('still sent');
      client.end();
      await once(hub.resume(), 'end');
    },
  );

  it('passes a reset on as a reset', async () => {
    const { connect } = await setUp();
    const one = await connect();
    const atHub = failure(one.hub);
    one.client.resetAndDestroy();
    expect(await atHub).toBe('ECONNRESET');
    const other = await connect();
    const atClient = failure(other.client);
    other.hub.resetAndDestroy();
    expect(await atClient).toBe('ECONNRESET');
  });

  it('resets the client where nothing listens any more', async () => {
    const { dial, server } = await setUp();
    await new Promise((resolve) => server.close(resolve));
    expect(await failure(dial())).toBe('ECONNRESET');
  });

  it('lets nothing through while partitioned, and everything afterwards', async () => {
    const { forwarder, connect, dial, server } = await setUp();
    const { client, hub } = await connect();
    forwarder.change({ ...USUAL_CONDITIONS, isPartitioned: true });
    let connections = 0;
    server.on('connection', () => connections++);
    const late = dial();
    await once(late, 'connect');
    late.write('hello');
    const got = read(client);
    hub.write('held back');
    // Both have surely reached the forwarder when bytes of another connection come back from there.
    const elsewhere = await setUp();
    const other = await elsewhere.connect();
    other.client.write('x');
    await read(other.hub);
    expect(connections).toBe(0);
    const arrives = once(server, 'connection') as Promise<[Socket]>;
    forwarder.change(USUAL_CONDITIONS);
    expect(await got).toBe('held back');
    expect(await read((await arrives)[0])).toBe('hello');
  });

  it('stops the writer when the reader stops, and loses nothing', async () => {
    const { connect } = await setUp();
    const { client, hub } = await connect();
    client.pause();
    // Kernels hold some megabytes at either side of the forwarder.
    const bytes = 64 * 1024 * 1024;
    for (let written = 0; written < bytes; written += 1024 * 1024) hub.write(Buffer.alloc(1024 * 1024));
    hub.end();
    let unsent = -1;
    for (let equal = 0; equal < 5; await new Promise<void>((resolve) => systemClock.after(50, resolve))) {
      equal = hub.writableLength === unsent ? equal + 1 : 0;
      unsent = hub.writableLength;
    }
    expect(unsent).toBeGreaterThan(bytes / 2);
    let received = 0;
    client.on('data', (chunk) => {
      received += chunk.length;
    });
    client.resume();
    await once(client, 'end');
    expect(received).toBe(bytes);
  }, 30_000);
});
