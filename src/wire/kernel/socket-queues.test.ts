// The rows of /proc/net/tcp and tcp6 as Linux writes them, and the hold of real loopback connections.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, it } from 'vitest';
import { endsOf } from './socket-ends.ts';
import { parseSocketRows, readSocketQueues } from './socket-queues.ts';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:22A0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:22A0 0100007F:C350 01 00001F40:00000000 01:00000015 00000000     0        0 2 2 0 20 4 30 10 -1
   2: 0100007F:C350 0100007F:22A0 01 00000000:00000BB8 00:00000000 00000000     0        0 3 1 0 20 4 30 10 -1
   3: 0100007F:C351 0100007F:1F90 01 00000001:00000002 00:00000000 00000000     0        0 4 1 0 20 4 30 10 -1
`;
const TABLE_6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when
   0: 00000000000000000000000001000000:C350 00000000000000000000000001000000:22A0 01 00000000:00000011 00:00000000
   1: 0000000000000000FFFF00000100007F:22A0 0000000000000000FFFF00000100007F:C350 01 00000022:00000000 00:00000000
   2: B80D0120000000000000000001000000:22A0 B80D0120000000000000000002000000:C350 01 00000033:00000000 00:00000000
`;

it('reads both ends of a connection, and leaves other ports alone', () => {
  const rows = parseSocketRows(TABLE, [8_864]);
  expect(rows.get('127.0.0.1:8864>127.0.0.1:50000')).toEqual({
    state: '01',
    unacknowledgedBytes: 8_000,
    unreadBytes: 0,
  });
  expect(rows.get('127.0.0.1:50000>127.0.0.1:8864')).toEqual({
    state: '01',
    unacknowledgedBytes: 0,
    unreadBytes: 3_000,
  });
  expect([...rows.keys()].join()).not.toContain('50001');
});

it('keeps connections of one port to several addresses apart, and knows IPv4 inside IPv6', () => {
  const rows = parseSocketRows(TABLE_6, [8_864]);
  expect(
    [...rows].map(([ends, { unacknowledgedBytes, unreadBytes }]) => [ends, unacknowledgedBytes, unreadBytes]),
  ).toEqual([
    ['::1:50000>::1:8864', 0, 0x11],
    ['127.0.0.1:8864>127.0.0.1:50000', 0x22, 0],
    ['2001:db8::1:8864>2001:db8::2:50000', 0x33, 0],
  ]);
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

// What the hub listens on, and what the client connects to.
it.skipIf(process.platform !== 'linux').each(
  hasIpv6
    ? [
        ['127.0.0.1', '127.0.0.1'],
        ['::1', '::1'],
        ['::', '127.0.0.1'],
      ]
    : [['127.0.0.1', '127.0.0.1']],
)(
  'counts what was written and not read, and sees that the other side let go (%s, %s)',
  async (listen, host) => {
    const server = createServer().listen(0, listen);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `ws://${host.includes(':') ? `[${host}]` : host}:${port}/ws`;
    const accepted = once(server, 'connection');
    const client = connect(port, host).pause();
    await once(client, 'connect');
    const [peer] = await accepted;
    const ends = endsOf(client);
    try {
      peer.write(Buffer.alloc(5_000));
      const read = async () => (await readSocketQueues([ends, 'other'], [url])) as [unknown, unknown];
      await expect
        .poll(read)
        .toEqual([{ heldBytes: 5_000, unreadBytes: 5_000, unsentBytes: 0, isHubSideOpen: true }, undefined]);
      peer.destroy();
      await expect
        .poll(async () => (await readSocketQueues([ends], [url]))[0])
        .toMatchObject({ isHubSideOpen: false });
    } finally {
      client.destroy();
      peer.destroy();
      server.close();
    }
  },
);

it('says nothing of a Unix socket', async () => {
  expect(await readSocketQueues([undefined], ['ws+unix:/run/hub.sock:/ws'])).toEqual([undefined]);
});
