// Several hubs as one target: where events go, and what is known of all of them.
import { describe, expect, it } from 'vitest';
import type { Target, TargetResources } from '../target.ts';
import { hubsOf, joinTargets, publishersOf } from './joined-targets.ts';

function buildHub(name: string, parts: Partial<Target> = {}) {
  const texts: string[] = [];
  const hub = {
    adapter: 'http',
    url: `ws://${name}/ws`,
    abilities: { broadcast: true, batch: true, stats: true, resources: false, restart: false, missing: {} },
    broadcast: async (given: readonly string[]) => {
      texts.push(...given);
      return { ok: true, accepted: given.length };
    },
    stats: async () => ({ clients: 3, raw: {} }),
    resources: async () => undefined,
    died: new Promise<string>(() => {}),
    close: async () => {},
    ...parts,
  } as unknown as Target;
  return { hub, texts };
}

describe('joined targets', () => {
  it('publish at the first alone', async () => {
    const [a, b] = [buildHub('a'), buildHub('b')];
    const target = joinTargets([a.hub, b.hub], [a.hub]);
    await target.broadcast(['1']);
    target.takeTurn?.();
    await target.broadcast(['2']);
    expect([a.texts, b.texts, target.url]).toEqual([['1', '2'], [], 'ws://a/ws']);
    expect([hubsOf(target), publishersOf(target), publishersOf(a.hub)]).toEqual([
      [a.hub, b.hub],
      [a.hub],
      [a.hub],
    ]);
  });

  it('publish at each in its turn', async () => {
    const [a, b] = [buildHub('a'), buildHub('b')];
    const target = joinTargets([a.hub, b.hub], [a.hub, b.hub]);
    for (const text of ['1', '2', '3']) {
      await target.broadcast([text]);
      target.takeTurn?.();
    }
    expect([a.texts, b.texts]).toEqual([['1', '3'], ['2']]);
  });

  it('can do only what all can, and are counted together where all are known', async () => {
    const holds: TargetResources = { rssBytes: 5, dataBytes: 7, descriptors: 1, cpuSeconds: 0.5 };
    const [a, b] = [buildHub('a', { resources: async () => holds }), buildHub('b')];
    const [c] = [buildHub('c', { resources: async () => holds, stats: async () => undefined })];
    const target = joinTargets([a.hub, b.hub], [a.hub]);
    expect([await target.resources(), await target.stats()]).toEqual([undefined, { clients: 6, raw: {} }]);
    const other = joinTargets([a.hub, c.hub], [a.hub]);
    expect([await other.resources(), await other.stats()]).toEqual([
      { rssBytes: 10, dataBytes: 14, descriptors: 2, cpuSeconds: 1 },
      undefined,
    ]);
  });

  it('say which of them ended', async () => {
    const [a, b] = [buildHub('a'), buildHub('b', { died: Promise.resolve('the hub ended') })];
    expect(await joinTargets([a.hub, b.hub], [a.hub]).died).toBe('target 2: the hub ended');
  });
});
