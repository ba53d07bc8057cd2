// The kernel's own answers about single connections: the same as its tables give, and nothing where there is none.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bindSocketCalls, type SocketCalls } from './socket-calls.ts';
import { endsOf, reversed } from './socket-ends.ts';
import { openSocketLookup } from './socket-lookup.ts';
import { readQueuesOfClients, readSocketQueues } from './socket-queues.ts';

const calls = bindSocketCalls();
const hasLookup = ((): boolean => {
  const lookup = calls && openSocketLookup(calls);
  lookup?.close();
  return lookup !== undefined;
})();

describe.runIf(hasLookup)('openSocketLookup', () => {
  it('says what the tables say, and nothing once a connection is gone', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const accepted = once(server, 'connection');
    const client = connect(port, '127.0.0.1').pause();
    await once(client, 'connect');
    const [peer] = await accepted;
    const ends = endsOf(client) as string;
    const lookup = openSocketLookup(calls as SocketCalls);
    try {
      peer.write(Buffer.alloc(32 * 1024 * 1024));
      await expect.poll(() => lookup?.find(reversed(ends))?.unacknowledgedBytes).toBeGreaterThan(0);
      const url = `ws://127.0.0.1:${port}/ws`;
      const ofTables = async () => (await readQueuesOfClients([url])).get(ends);
      // Bytes may still be on their way from one side to the other.
      const isSame = async () => isDeepStrictEqual(await readSocketQueues([ends], [url]), [await ofTables()]);
      await expect.poll(isSame, { timeout: 10_000 }).toBe(true);
      expect(lookup?.find(ends)?.state).toBe('01');
      peer.resetAndDestroy();
      await expect.poll(() => lookup?.find(reversed(ends))).toBeUndefined();
      expect(await readSocketQueues([ends], [url])).toEqual([await ofTables()]);
    } finally {
      lookup?.close();
      client.destroy();
      peer.destroy();
      server.close();
    }
  });
});

describe('readSocketQueues', () => {
  it('reads the tables for a connection that the kernel does not name', async () => {
    expect(await readSocketQueues(['127.0.0.1:1>127.0.0.1:2'], ['ws://127.0.0.1:2/ws'])).toEqual([undefined]);
  });
});
