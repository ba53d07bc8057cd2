// The rows of /proc/net/tcp as Linux writes them, and the hold of a real loopback connection.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { parseSocketRows, readSocketQueues } from './socket-queues.ts';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:22A0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:22A0 0100007F:C350 01 00001F40:00000000 01:00000015 00000000     0        0 2 2 0 20 4 30 10 -1
   2: 0100007F:C350 0100007F:22A0 01 00000000:00000BB8 00:00000000 00000000     0        0 3 1 0 20 4 30 10 -1
   3: 0100007F:C351 0100007F:1F90 01 00000001:00000002 00:00000000 00000000     0        0 4 1 0 20 4 30 10 -1
`;

it('reads both ends of a connection, and leaves other ports alone', () => {
  const rows = parseSocketRows(TABLE, 8_864);
  expect(rows.get('8864>50000')).toEqual({ state: '01', unacknowledgedBytes: 8_000, unreadBytes: 0 });
  expect(rows.get('50000>8864')).toEqual({ state: '01', unacknowledgedBytes: 0, unreadBytes: 3_000 });
  expect([...rows.keys()]).not.toContain('50001>8080');
});

it.skipIf(process.platform !== 'linux')(
  'counts what was written and not read, and sees that the other side let go',
  async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const accepted = once(server, 'connection');
    const client = connect(port, '127.0.0.1').pause();
    await once(client, 'connect');
    const [peer] = await accepted;
    try {
      peer.write(Buffer.alloc(5_000));
      const read = async () => (await readSocketQueues([client.localPort, 1], port)) as [unknown, unknown];
      await expect
        .poll(read)
        .toEqual([{ heldBytes: 5_000, unreadBytes: 5_000, unsentBytes: 0, isHubSideOpen: true }, undefined]);
      peer.destroy();
      await expect
        .poll(async () => (await readSocketQueues([client.localPort], port))[0])
        .toMatchObject({
          isHubSideOpen: false,
        });
    } finally {
      client.destroy();
      peer.destroy();
      server.close();
    }
  },
);
