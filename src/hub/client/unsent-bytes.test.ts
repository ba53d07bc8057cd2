// Where the handle shows what libuv holds, and where it does not.
import { createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { hasUnsentBytes, readUnsentBytes } from './unsent-bytes.ts';

describe('readUnsentBytes', () => {
  it('reads the field of the handle', () => {
    expect(readUnsentBytes({ _handle: { writeQueueSize: 7 } } as unknown as Socket)).toBe(7);
  });

  it('reads both handles of a socket of TLS, and counts bytes of messages', () => {
    const socket = (records: number, unsent: number) =>
      ({
        _handle: { writeQueueSize: records, _parent: { writeQueueSize: unsent } },
        encrypted: true,
      }) as unknown;
    expect(readUnsentBytes(socket(60_088, 0) as Socket)).toBe(0);
    expect(readUnsentBytes(socket(60_088, 1_022) as Socket)).toBe(1_000);
    // Of a large write only ten buffers are with the socket; the rest waits above it.
    expect(readUnsentBytes(socket(163_840 + 16_406, 16_406) as Socket)).toBe(2 * 16_384);
  });

  it.each([
    ['without a handle', { _handle: null }],
    ['without the field', { _handle: {} }],
    ['of TLS without the handle below', { _handle: { writeQueueSize: 7 }, encrypted: true }],
  ])('is undefined for a socket %s', (_title, socket) => {
    expect(readUnsentBytes(socket as unknown as Socket)).toBeUndefined();
  });
});

describe('hasUnsentBytes', () => {
  it('is true for a listening server of this Node', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    expect(hasUnsentBytes(server)).toBe(true);
    server.close();
  });

  it('is false for a server of another runtime', () => {
    expect(hasUnsentBytes({ _handle: {} } as unknown as Server)).toBe(false);
  });
});
