// Where the handle shows what libuv holds, and where it does not.
import { createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { hasUnsentBytes, readUnsentBytes } from './unsent-bytes.ts';

describe('readUnsentBytes', () => {
  it('reads the field of the handle', () => {
    expect(readUnsentBytes({ _handle: { writeQueueSize: 7 } } as unknown as Socket)).toBe(7);
  });

  it.each([
    ['without a handle', { _handle: null }],
    ['without the field', { _handle: {} }],
    ['of TLS', { _handle: { writeQueueSize: 7 }, encrypted: true }],
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

  it.each([
    ['another runtime', { _handle: {} }],
    ['TLS', { _handle: { writeQueueSize: 0 }, setSecureContext() {} }],
  ])('is false for a server of %s', (_title, server) => {
    expect(hasUnsentBytes(server as unknown as Server)).toBe(false);
  });
});
