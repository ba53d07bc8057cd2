// Several hubs from flags: which is driven, which only listened to, and what cannot be.
import { describe, expect, it } from 'vitest';
import { type HubsFlags, parseHubsFlags } from './hubs-flags.ts';

const [A, B] = ['ws://127.0.0.1:1/ws', 'ws://127.0.0.1:2/ws'];
const NONE: HubsFlags = { urls: [], spawns: [], broadcastUrls: [] };
const parse = (flags: Partial<HubsFlags>) => parseHubsFlags({ ...NONE, ...flags });

describe('the flags of several hubs', () => {
  it('are those of one where there is one', () => {
    expect(parse({})).toEqual({ ok: true, value: [{ kind: 'reference' }] });
    expect(parse({ urls: [A], pid: 5 })).toMatchObject({ value: [{ kind: 'running', url: A, hubPid: 5 }] });
  });

  it('drive the first, and listen to the others', () => {
    const broadcastUrl = 'http://127.0.0.1:1/events';
    expect(parse({ urls: [A, B], broadcastUrls: [broadcastUrl], broadcastHeader: ['a: b'] })).toMatchObject({
      value: [
        { kind: 'running', url: A, broadcastUrl, headers: [['a', 'b']] },
        { kind: 'observe', url: B, isListenedTo: true },
      ],
    });
  });

  it('drive all in turn', () => {
    const broadcastUrls = ['http://127.0.0.1:1/events', 'http://127.0.0.1:2/events'];
    expect(parse({ urls: [A, B], broadcastUrls, broadcastHeader: ['a: b'] })).toMatchObject({
      value: [
        { kind: 'running', url: A, broadcastUrl: broadcastUrls[0], headers: [['a', 'b']] },
        { kind: 'running', url: B, broadcastUrl: broadcastUrls[1], headers: [['a', 'b']] },
      ],
    });
    const bare = parse({ urls: [A, B], inTurn: true });
    expect(bare.ok && bare.value.map(({ kind, isListenedTo }) => [kind, isListenedTo])).toEqual([
      ['running', undefined],
      ['running', undefined],
    ]);
  });

  it('start each', () => {
    expect(parse({ spawns: ['./hub --port 0', './hub --port 0'] })).toMatchObject({
      value: [
        { kind: 'spawn', command: './hub --port 0', url: undefined },
        { kind: 'spawn', command: './hub --port 0', url: undefined },
      ],
    });
    expect(parse({ spawns: ['a', 'b'], urls: [A, B] })).toMatchObject({
      value: [
        { command: 'a', url: A },
        { command: 'b', url: B },
      ],
    });
  });

  it('only watch all where that is wanted', () => {
    expect(parse({ urls: [A, B], observe: true })).toMatchObject({
      value: [{ kind: 'observe' }, { kind: 'observe' }],
    });
  });

  it('have TLS where a hub has it', () => {
    const tls = 'wss://127.0.0.1:3/ws';
    const parsed = parse({ urls: [A, tls], insecure: true });
    expect(parsed.ok && parsed.value.map((choice) => choice.tls)).toEqual([undefined, { isInsecure: true }]);
    expect(parse({ urls: [A, B], insecure: true })).toMatchObject({ ok: false });
  });

  it.each<[Partial<HubsFlags>, string]>([
    [{ urls: [A], broadcastUrls: ['http://a', 'http://b'] }, '--broadcast-url: 2 for one hub: give one'],
    [{ urls: [A, B, `${B}x`], broadcastUrls: ['http://a', 'http://b'] }, '--broadcast-url: 2 for 3 hubs'],
    [{ urls: [A, A] }, `${A} is there twice: give each hub once`],
    [{ urls: [A, B], adapter: 'x.mjs' }, '--adapter drives one hub: give one, or leave it out'],
    [{ urls: [A, B], pid: 1 }, '--pid is the process of one hub: leave it out with several'],
    [{ urls: [A, B], spawns: ['a'] }, '--spawn: 1 and 2 URLs: give one URL for each, or none'],
    [{ urls: [A, 'nonsense'] }, "the URL 'nonsense' is not a ws:// or wss:// URL"],
  ])('cannot be %j', (flags, problem) => {
    expect(parse(flags)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });
});
