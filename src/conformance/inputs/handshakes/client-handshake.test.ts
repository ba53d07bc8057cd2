// Handshakes of programs: complete, in the order of the client, wanted or not by the origin rule, and judged strictly.
import { describe, expect, it } from 'vitest';
import { acceptFor } from '../../../wire/opening-handshake.ts';
import {
  createClientHandshake,
  findParameterFault,
  type HandshakeChoice,
  PLAIN_HANDSHAKE,
} from './client-handshake.ts';
import { CLIENT_HEADERS } from './client-headers.ts';

const URL_OF_HUB = 'ws://127.0.0.1:8800/ws';
const LISTED = ['http://localhost:5173', 'https://dashboard.example'];
const make = (choice: Partial<HandshakeChoice> = {}, at = 0) =>
  createClientHandshake({ url: URL_OF_HUB }, { ...PLAIN_HANDSHAKE, ...choice }, LISTED, at);
const linesOf = (bytes: Buffer): string[] => bytes.toString().trimEnd().split('\r\n');

describe('a handshake', () => {
  it.each(Object.keys(CLIENT_HEADERS))('of %s has every required header once', (client) => {
    const lines = linesOf(make({ client }).bytes);
    expect(lines[0]).toBe('GET /ws HTTP/1.1');
    for (const name of ['host', 'upgrade', 'connection', 'sec-websocket-key', 'sec-websocket-version'])
      expect(lines.filter((line) => line.toLowerCase().startsWith(`${name}: `))).toHaveLength(1);
    expect(lines.join('\n')).not.toMatch(/\{|origin:|extensions:/i);
  });

  it('has its Origin and offer at the place of the client', () => {
    const lines = linesOf(
      make({ client: 'chrome', origin: 'default', offer: 'browser', query: 'short' }).bytes,
    );
    expect(lines[0]).toBe('GET /ws?client=dashboard HTTP/1.1');
    expect(lines.at(-1)).toBe('Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits');
    expect(lines).toContain('Origin: http://localhost:5173');
  });

  it.each([
    [{}, 'accept'],
    [{ origin: 'listed' }, 'accept'],
    [{ origin: 'loopback6', proxy: 'two-proxies' }, 'accept'],
    [{ origin: 'proxied', proxy: 'x-forwarded-host' }, 'refuse'],
    [{ origin: 'look-alike' }, 'refuse'],
    [{ origin: 'null', query: 'token' }, 'refuse'],
    [{ query: 'token' }, 'either'],
    [{ subprotocol: 'one' }, 'either'],
    [{ offer: 'legacy' }, 'either'],
    [{ spaces: 'trailing tab' }, 'either'],
    [{ cookies: 'large' }, 'accept'],
    [{ cookies: 'large', more: 'long' }, 'either'],
    [{ origin: 'long', lists: 'line each' }, 'refuse'],
    [{ names: 'swapped', spaces: 'none', order: 'shuffled', arrival: 'cut in the end' }, 'accept'],
  ] as const)('with %j is wanted: %s', (choice, wanted) => {
    expect(make(choice).wanted).toBe(wanted);
  });

  it.each([
    [{ spaces: 'tab' }, true],
    [{ lists: 'line each', cookies: 'one' }, true],
    [{ offer: 'small-window' }, true],
    [{ lists: 'line each', subprotocol: 'one' }, false],
    [{ lists: 'line each', origin: 'unknown' }, false],
    [{ spaces: 'none' }, false],
  ] as const)('with %j may be refused with a warning: %s', (choice, isRefusalWarned) => {
    expect(make(choice).isRefusalWarned).toBe(isRefusalWarned);
  });

  it('does not repeat what the clients of the run say of themselves', () => {
    const headers = [
      ['Host', 'hub.example'],
      ['Authorization', 'Bearer of the run'],
    ] as const;
    const choice = { ...PLAIN_HANDSHAKE, client: 'gateway', authorization: 'basic', names: 'upper' };
    const lines = linesOf(createClientHandshake({ url: URL_OF_HUB, headers }, choice, LISTED).bytes);
    expect(lines.filter((line) => /^(host|authorization):/i.test(line))).toEqual([
      'Authorization: Bearer of the run',
      'HOST: hub.example',
    ]);
  });

  it('comes after another request where the connection was used before', () => {
    expect(make().before).toBe(undefined);
    expect(make({ used: 'for a page' }).before?.toString()).toBe(
      'GET / HTTP/1.1\r\nHost: 127.0.0.1:8800\r\n\r\n',
    );
    expect(make({ used: 'for a refused handshake' }).before?.toString()).toContain('Origin: http://evil');
  });

  it('accepts the extension of older browsers where it was offered', () => {
    const judge = (offer: string) => {
      const { bytes, findFault } = make({ offer });
      const key = /Key: (.*)\r/.exec(bytes.toString())?.[1] ?? '';
      const headers = { upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-accept': acceptFor(key) };
      return findFault({
        status: 101,
        headers: { ...headers, 'sec-websocket-extensions': 'x-webkit-deflate-frame' },
      });
    };
    expect(judge('legacy')).toBe(undefined);
    expect(judge('unknown')).toContain('nobody offered');
  });

  it('takes every kind of client in turn', () => {
    const agents = [0, 1, 2].map((at) => make({ client: 'every kind' }, at).bytes.toString());
    expect(new Set(agents.map((text) => /user-agent: (.*)/i.exec(text)?.[1])).size).toBe(3);
  });

  it('accepts a subprotocol and an extension that were offered, and no others', () => {
    const { bytes, findFault } = make({ subprotocol: 'two', offer: 'bare' });
    const key = /Key: (.*)\r/.exec(bytes.toString())?.[1] ?? '';
    const headers = { upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-accept': acceptFor(key) };
    const judge = (more: Record<string, string>) =>
      findFault({ status: 101, headers: { ...headers, ...more } });
    expect(
      judge({ 'sec-websocket-protocol': 'norn.v1', 'sec-websocket-extensions': 'permessage-deflate' }),
    ).toBe(undefined);
    expect(judge({ 'sec-websocket-protocol': 'chat' })).toBe('a subprotocol nobody offered: chat');
    expect(judge({ 'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits=9' })).toContain(
      'not offered',
    );
  });
});

describe('parameters of permessage-deflate', () => {
  it.each([
    ['', 'permessage-deflate', undefined],
    ['permessage-deflate; server_no_context_takeover', 'permessage-deflate', undefined],
    ['permessage-deflate', 'permessage-deflate; server_no_context_takeover', '7.1.1.1'],
    [
      'permessage-deflate; server_max_window_bits=10',
      'permessage-deflate; server_max_window_bits=10',
      undefined,
    ],
    [
      'permessage-deflate; server_max_window_bits=15',
      'permessage-deflate; server_max_window_bits=10',
      '7.1.2.1',
    ],
    ['permessage-deflate', 'permessage-deflate; server_max_window_bits=10', '7.1.2.1'],
  ])('%s in answer to %s: %s', (answer, offer, section) => {
    const fault = findParameterFault(answer, offer);
    if (section === undefined) expect(fault).toBe(undefined);
    else expect(fault).toContain(section);
  });
});
