// What would stop a run half-way is found before it starts: for the coordinator, each worker, a forwarder, and each hub.
import { describe, expect, it } from 'vitest';
import { findObstacles, type Grant, type Need } from './obstacles.ts';

const need: Need = {
  clients: 54_000,
  workers: 3,
  hubs: [1, 2, 3].map((at) => ({ name: `target ${at}`, descriptors: 20_000 })),
  forwardedClients: 0,
};
const grant: Grant = { descriptors: 20_000, ports: 28_232, availableBytes: 20e9 };

const find = (change: Partial<Need>, machine: Partial<Grant> = {}) =>
  findObstacles({ ...need, ...change }, { ...grant, ...machine });

it('finds nothing where three hubs share the clients', () => {
  expect(find({})).toEqual([]);
  expect(
    findObstacles(need, { descriptors: undefined, ports: undefined, availableBytes: undefined }),
  ).toEqual([]);
});

describe('descriptors', () => {
  it('are needed by each worker', () => {
    expect(find({ workers: 2 })).toEqual([
      '54000 clients in 2 worker processes need 27100 descriptors each, the limit is 20000: raise it (ulimit -n 27100), or use 3 worker processes',
    ]);
  });

  it('are needed by each hub, whose limit may not be known', () => {
    const [first, second] = find({
      hubs: [
        { name: 'target 1', descriptors: 1_024 },
        { name: 'target 2', descriptors: undefined },
        { name: 'target 3', descriptors: 18_099 },
      ],
    });
    expect(first).toContain(
      'target 1 needs 18100 descriptors for 18000 clients, its limit is 1024: raise it',
    );
    expect(second).toContain('target 3 needs 18100 descriptors');
  });

  it('are needed by the coordinator', () => {
    expect(find({ clients: 3_000, workers: 250 }, { descriptors: 1_024 })).toEqual([
      'the coordinator of 250 worker processes needs 1100 descriptors, the limit is 1024: raise it (ulimit -n 1100), or use fewer worker processes',
    ]);
  });

  it('are needed twice by a forwarder, and its ports as well', () => {
    expect(find({ forwardedClients: 18_000 })).toEqual([
      'a forwarder for 18000 clients, which partition, latency and bandwidth need, takes 36100 descriptors, the limit is 20000: raise it (ulimit -n 36100), or use fewer clients',
    ]);
    expect(find({ forwardedClients: 18_000 }, { descriptors: 1e6, ports: 10_000 })).toEqual([
      expect.stringContaining('has 10000 ports to the hub'),
    ]);
  });
});

it('needs memory', () => {
  expect(find({}, { availableBytes: 500e6 })).toEqual([
    expect.stringMatching(/^54000 clients take at least .* are available: close other programs/),
  ]);
});
