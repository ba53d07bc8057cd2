// From where clients connect: the system's choice, addresses of loopback, or those that were given; ports count for each pair.
import { describe, expect, it } from 'vitest';
import { chooseSources, type SourceInput } from './source-addresses.ts';

const hub = (url: string, ...addresses: string[]) => ({
  url,
  addresses: addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
});
const near = hub('ws://127.0.0.1:8800/ws', '127.0.0.1');
const far = hub('ws://10.9.9.9/ws', '10.9.9.9');

function choose(change: Partial<SourceInput>) {
  const chosen = chooseSources({
    ...{ hubs: [near], clients: 2_000, ports: 28_232, local: [], hasPortsForEachPair: true },
    ...change,
  });
  return chosen.ok ? chosen.value.map(({ sources }) => sources) : chosen.problem;
}

describe('without given addresses', () => {
  it('leaves the source to the system while half of its ports are enough', () => {
    expect(choose({ clients: 14_116 })).toEqual([[]]);
    expect(choose({ clients: 60_000, ports: undefined })).toEqual([[]]);
    expect(choose({ hubs: [near, near, near], clients: 42_348 })).toEqual([[], [], []]);
    expect(choose({ hubs: [far], clients: 28_232 })).toEqual([[]]);
  });

  it('spreads over loopback, half of the ports of each address', () => {
    expect(choose({ clients: 14_117 })).toEqual([['127.0.0.1', '127.0.0.2']]);
    expect(choose({ clients: 28_233 })).toEqual([['127.0.0.1', '127.0.0.2', '127.0.0.3']]);
    const two = ['127.0.0.1', '127.0.0.2'];
    expect(choose({ hubs: [near, near, near], clients: 54_000 })).toEqual([two, two, two]);
    expect(choose({ clients: 28, ports: 10 })).toEqual([
      ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5', '127.0.0.6'],
    ]);
  });

  it('counts the ports of all hubs where a port serves one connection', () => {
    expect(choose({ hubs: [near, near, near], clients: 54_000, hasPortsForEachPair: false })).toEqual(
      Array.from({ length: 3 }, () => ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4']),
    );
  });

  it('never spreads where a hub is not on loopback', () => {
    expect(choose({ hubs: [far], clients: 30_000 })).toBe(
      "30000 clients connect to ws://10.9.9.9/ws (10.9.9.9) from one address, which has 28232 ports for it: give local addresses, such as 10.0.0.5-10.0.0.20, or widen the range with sysctl -w net.ipv4.ip_local_port_range='10000 65535'",
    );
    expect(choose({ hubs: [near, far], clients: 50_000 })).toEqual([['127.0.0.1', '127.0.0.2'], []]);
  });

  it('says that IPv6 loopback has one address', () => {
    expect(choose({ hubs: [hub('ws://[::1]:8800/ws', '::1')], clients: 30_000 })).toContain(
      'IPv6 loopback has no other address than ::1, so connect to 127.0.0.1',
    );
  });

  it('counts each address of a host apart', () => {
    expect(choose({ hubs: [hub('ws://localhost/ws', '127.0.0.1', '::1')], clients: 28_232 })).toEqual([[]]);
    expect(choose({ hubs: [hub('ws://localhost/ws', '127.0.0.1', '::1')], clients: 56_466 })).toContain(
      '::1',
    );
  });

  it('asks for nothing on a Unix socket', () => {
    expect(choose({ hubs: [hub('ws+unix:/run/hub.sock:/ws')], clients: 60_000 })).toEqual([[]]);
  });
});

describe('with given addresses', () => {
  const local = ['10.0.0.5', '10.0.0.6', 'fd00::5', '127.0.0.9'];

  it('uses those', () => {
    expect(choose({ hubs: [far], local, clients: 50_000 })).toEqual([local]);
  });

  it('counts those of the family, and of loopback only on loopback', () => {
    expect(choose({ hubs: [far], local, clients: 56_465 })).toContain(
      'from 2 addresses, each of which has 28232 ports',
    );
    expect(choose({ hubs: [near], local, clients: 84_696 })).toEqual([local]);
    expect(choose({ hubs: [near], local, clients: 84_697 })).toContain('give more local addresses');
  });

  it('reaches only addresses of the same family', () => {
    const both = hub('ws://hub/ws', '10.9.9.9', 'fd00::9');
    const chosen = chooseSources({
      ...{ hubs: [both], clients: 10, ports: 28_232, local: ['10.0.0.5'], hasPortsForEachPair: true },
    });
    expect(chosen).toMatchObject({ value: [{ addresses: [{ address: '10.9.9.9' }] }] });
  });

  it('refuses those that cannot reach a hub', () => {
    expect(choose({ hubs: [far], local: ['fd00::5'] })).toContain('can reach ws://10.9.9.9/ws (10.9.9.9)');
    expect(choose({ hubs: [far], local: ['127.0.0.9'] })).toContain(
      'one of loopback only for a hub on loopback',
    );
  });
});
