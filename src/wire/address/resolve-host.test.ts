// What a name means: several addresses, of which some answer, and a resolver that says that localhost is elsewhere.
import { type AddressInfo, createServer, type Server } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findReachable } from './reachable-addresses.ts';
import { createLookupOfHost, type Lookup, resolveHost, whyUnresolved } from './resolve-host.ts';

const lookup = vi.fn<Lookup>();
const lookupOfHost = createLookupOfHost(lookup);

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function resolveTo(...addresses: string[]): void {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  lookup.mockImplementation((_host, _options, done) => done(null, found));
}

async function listenAt(host: string, port = 0): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return (server.address() as AddressInfo).port;
}

beforeEach(() => {
  lookup.mockReset();
});

describe('localhost', () => {
  it('is this machine, whatever a resolver says besides', async () => {
    resolveTo('192.0.2.1', '127.0.0.1', '::1');
    expect((await resolveHost('localhost', lookup)).map(({ address }) => address)).toEqual([
      '127.0.0.1',
      '::1',
    ]);
    expect(await promisify(lookupOfHost)('localhost', {})).toBe('127.0.0.1');
  });

  it('is nothing where a resolver says only that it is another machine', async () => {
    resolveTo('192.0.2.1');
    await expect(resolveHost('localhost', lookup)).rejects.toThrow(
      'localhost is 192.0.2.1, which is not this machine',
    );
    await expect(promisify(lookupOfHost)('localhost', {})).rejects.toThrow('which is not this machine');
  });
});

describe('a name with several addresses', () => {
  it('has those that answer, and the others apart', async () => {
    const port = await listenAt('127.0.0.1');
    resolveTo('127.0.0.3', '127.0.0.1');
    expect(await findReachable('two.example', port, lookup)).toEqual({
      answering: [{ address: '127.0.0.1', family: 4 }],
      silent: [{ address: '127.0.0.3', family: 4 }],
    });
  });

  it('is looked up once', async () => {
    const port = await listenAt('127.0.0.1');
    await listenAt('127.0.0.2', port);
    resolveTo('127.0.0.2', '127.0.0.1');
    const first = await findReachable('both.example', port, lookup);
    expect(first.answering.map(({ address }) => address)).toEqual(['127.0.0.1', '127.0.0.2']);
    expect(await findReachable('both.example', port, lookup)).toBe(first);
    expect(lookup).toHaveBeenCalledTimes(1);
  });

  it('keeps all where none answers, so that connecting says why', async () => {
    const port = await listenAt('127.0.0.1');
    servers.pop()?.close();
    resolveTo('127.0.0.2', '127.0.0.3');
    expect((await findReachable('none.example', port, lookup)).answering).toHaveLength(2);
  });
});

describe('whyUnresolved', () => {
  it('names the host and the reason, and nothing where there is an address', async () => {
    lookup.mockImplementation((_host, _options, done) =>
      done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []),
    );
    expect(await whyUnresolved('hub.example', lookup)).toMatch(
      /^the name hub\.example cannot be resolved \(ENOTFOUND\): is it written right/,
    );
    resolveTo('192.0.2.1');
    expect(await whyUnresolved('hub.example', lookup)).toBeUndefined();
  });
});
