// Clients of the hub over real sockets: who may come in, what they may send, and every way they end.
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { countedEvent, upTo } from '../testing/peers/listening-peer.ts';
import { rawExchange } from '../testing/peers/raw-exchange.ts';
import { createStage } from '../testing/peers/running-hub.ts';
import { encodeClientFrame, encodeFrame } from '../wire/frame-writer.ts';

const stage = createStage();
afterEach(() => stage.clear());

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const HANDSHAKE: Readonly<Record<string, string>> = {
  Host: 'hub',
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': KEY,
};

/** The handshake with some lines changed; undefined leaves one out. */
function handshake(
  changes: Readonly<Record<string, string | undefined>> = {},
  requestLine = 'GET /ws HTTP/1.1',
  extraLines: readonly string[] = [],
): string {
  const lines = Object.entries({ ...HANDSHAKE, ...changes }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return [requestLine, ...lines, ...extraLines, '', ''].join('\r\n');
}

describe('the opening handshake', () => {
  it.each([
    ['the sample of RFC 6455', handshake()],
    [
      'tokens in other cases and lists',
      handshake({ Connection: 'keep-alive, UPGRADE', Upgrade: 'WebSocket' }),
    ],
    ['a query', handshake({}, 'GET /ws?token=x HTTP/1.1')],
    ['an absolute target', handshake({}, 'GET http://hub/ws HTTP/1.1')],
    [
      'an extension and a subprotocol, agreeing to neither',
      handshake({
        'Sec-WebSocket-Extensions': 'permessage-deflate',
        'Sec-WebSocket-Protocol': 'chat, superchat',
      }),
    ],
    ['an empty Origin', handshake({ Origin: '' })],
  ])('accepts %s', async (_title, request) => {
    const { port } = await stage.start();
    const answer = await rawExchange(port, request, (text) => text.includes('\r\n\r\n'));
    expect(answer).toMatch(/^HTTP\/1\.1 101 /);
    expect(answer).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    expect(answer.toLowerCase()).not.toMatch(/sec-websocket-(extensions|protocol)/);
  });

  it.each([
    ['another path', handshake({}, 'GET /wss HTTP/1.1'), 404],
    ['a path with a slash more', handshake({}, 'GET /ws/ HTTP/1.1'), 404],
    ['POST', handshake({}, 'POST /ws HTTP/1.1'), 405],
    ['HTTP/1.0', handshake({}, 'GET /ws HTTP/1.0'), 400],
    ['no Host', handshake({ Host: undefined }), 400],
    ['two Hosts', handshake({}, undefined, ['Host: other']), 400],
    ['no Upgrade', handshake({ Upgrade: undefined }), 426],
    ['another Upgrade', handshake({ Upgrade: 'h2c' }), 426],
    ['no Connection: Upgrade', handshake({ Connection: 'keep-alive' }), 426],
    ['no version', handshake({ 'Sec-WebSocket-Version': undefined }), 426],
    ['version 8', handshake({ 'Sec-WebSocket-Version': '8' }), 426],
    ['a list of versions', handshake({ 'Sec-WebSocket-Version': '13, 8' }), 426],
    ['no key', handshake({ 'Sec-WebSocket-Key': undefined }), 400],
    ['a short key', handshake({ 'Sec-WebSocket-Key': 'abc' }), 400],
    ['a foreign Origin', handshake({ Origin: 'https://evil.example' }), 403],
    ['Origin null', handshake({ Origin: 'null' }), 403],
    ['two Origins', handshake({ Origin: 'http://localhost' }, undefined, ['Origin: http://localhost']), 403],
    [
      'two Origins in other cases',
      handshake({ ORIGIN: '' }, undefined, ['origin: https://evil.example']),
      403,
    ],
  ])('refuses %s, says why, and has no trace of it', async (_title, request, status) => {
    const { port, hub } = await stage.start();
    const answer = await rawExchange(port, request);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    if (status === 426) expect(answer).toMatch(/^sec-websocket-version: 13\r$/im);
    if (status === 403) expect(answer).toMatch(/\r\n\r\n.*origin/i);
    expect(hub.stats()).toMatchObject({
      clients: 0,
      connectionsTotal: 0,
      refusedOrigins: status === 403 ? 1 : 0,
    });
  });

  it('takes origins exactly as they are listed, besides the defaults and local hosts', async () => {
    const { join } = await stage.start({ allowedOrigins: ['https://norn.example.com'] });
    const open = (origin: string) => join({ headers: [['Origin', origin]] });
    for (const origin of ['https://norn.example.com', 'http://localhost:5173', 'ws://[::1]:9']) {
      expect((await open(origin)).connection.isOpen).toBe(true);
    }
    for (const origin of [
      'https://norn.example.com/',
      'http://norn.example.com',
      'https://x.norn.example.com',
    ]) {
      await expect(open(origin)).rejects.toThrow('403');
    }
  });

  it('has a client in the set before it can have seen the 101', async () => {
    const { hub, join } = await stage.start();
    for (let dial = 0; dial < 50; dial++) {
      const client = await join();
      await hub.publish(countedEvent(dial));
      await expect.poll(() => client.sequences(), { interval: 2 }).toEqual([dial]);
      client.connection.reset();
    }
  });

  it('owes a late joiner nothing of what was accepted before, even if it still is queued', async () => {
    const { hub, join } = await stage.start();
    await join();
    for (const sequence of upTo(200)) void hub.publish(countedEvent(sequence));
    const late = await join();
    await hub.publish(countedEvent(1_000));
    await expect.poll(() => late.sequences()).toEqual([1_000]);
  });
});

describe('what clients send', () => {
  it.each([
    ['an unmasked frame', encodeFrame({ opcode: 1, payload: Buffer.from('hi') }), 1002],
    ['a reserved bit', encodeFrame({ opcode: 1, reservedBits: 4, mask: Buffer.alloc(4) }), 1002],
    ['a reserved opcode', encodeClientFrame(3), 1002],
    ['a continuation of nothing', encodeClientFrame(0, 'x'), 1002],
    ['a fragmented ping', encodeFrame({ opcode: 9, isFinal: false, mask: Buffer.alloc(4) }), 1002],
    ['text that is not UTF-8', encodeClientFrame(1, Buffer.from([0xff])), 1007],
    ['a message over 64 KiB', encodeClientFrame(1, Buffer.alloc(65_537)), 1009],
    [
      'a declared length of 2^40 bytes',
      encodeFrame({ opcode: 2, mask: Buffer.alloc(4), declaredBytes: 1n << 40n }),
      1009,
    ],
    ['Close with a code that may not be sent', encodeClientFrame(8, Buffer.from([0x03, 0xed])), 1002],
  ])('closes on %s', async (_title, bytes, code) => {
    const { hub, join } = await stage.start();
    const [client, other] = [await join(), await join()];
    client.connection.write(bytes);
    await client.closed;
    expect(client.closeFrame()?.code).toBe(code);
    await expect.poll(() => hub.stats().clients).toBe(1);
    await hub.publish(countedEvent(1));
    await expect.poll(() => other.sequences()).toEqual([1]);
  });

  it('is read and dropped: nothing comes back and nobody else hears of it', async () => {
    const { hub, join } = await stage.start();
    const [talker, other] = [await join(), await join()];
    for (let i = 0; i < 1_000; i++)
      talker.connection.write(encodeClientFrame(1 + (i % 2), JSON.stringify(countedEvent(i))));
    talker.connection.write(encodeClientFrame(1, 'x'.repeat(65_536)));
    talker.connection.write(encodeClientFrame(9, 'are you there'));
    await expect.poll(() => talker.events).toEqual([{ kind: 'pong', payload: Buffer.from('are you there') }]);
    await hub.publish(countedEvent(7));
    await expect.poll(() => [talker.sequences(), other.sequences()]).toEqual([[7], [7]]);
  });

  it('may be a flood of pings: the last is answered, memory stays bounded', async () => {
    const { join } = await stage.start();
    const client = await join();
    client.connection.write(Buffer.concat(upTo(20_000).map((i) => encodeClientFrame(9, `${i}`))));
    await expect
      .poll(
        () =>
          client.events.at(-1)?.kind === 'pong' &&
          String((client.events.at(-1) as { payload: Buffer }).payload),
      )
      .toBe('19999');
    expect(client.connection.isOpen).toBe(true);
  });
});

describe('the end of a client', () => {
  it.each([
    ['1000', [0x03, 0xe8]],
    ['4999', [0x13, 0x87]],
    ['no code', []],
  ])('echoes a Close with %s and ends the connection', async (_title, body) => {
    const { hub, join } = await stage.start();
    const client = await join();
    client.connection.write(encodeClientFrame(8, Buffer.from(body)));
    expect((await client.closed).kind).toBe('fin');
    expect(client.events).toEqual([{ kind: 'close', payload: Buffer.from(body) }]);
    await expect.poll(() => hub.stats()).toMatchObject({ clients: 0, departures: { closed: 1 } });
  });

  it('follows a half-closed connection, also one with a backlog that it does not read', async () => {
    const server = createServer();
    const { hub, join } = await stage.start({ server });
    stage.onEnd(() => server.close());
    const [idle, stuck] = [await join(), await join()];
    stuck.connection.pauseReading();
    for (const sequence of upTo(8)) await hub.publish(countedEvent(sequence, 4 * 1024 * 1024));
    await expect.poll(() => idle.events.length).toBe(8);
    for (const client of [idle, stuck]) client.connection.endWriting();
    expect((await idle.closed).kind).toMatch(/fin|local/);
    const sockets = () => new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
    await expect.poll(sockets).toBe(0);
    expect(hub.stats()).toMatchObject({ clients: 0, departures: { closed: 2 } });
  });

  it('comes after two unanswered pings, and not for a client that answers', async () => {
    const { hub, join } = await stage.start({ pingIntervalMillis: 100 });
    const [silent, answering] = [await join(), await join()];
    const pongs = setInterval(() => answering.connection.write(encodeClientFrame(10)), 20);
    stage.onEnd(() => clearInterval(pongs));
    await silent.closed;
    expect(silent.events.map(({ kind }) => kind)).toEqual(['ping', 'ping']);
    expect(answering.connection.isOpen).toBe(true);
    expect(hub.stats()).toMatchObject({ clients: 1, departures: { 'unanswered pings': 1 } });
  });

  it('is a reset under fire: the hub lives and counts right', async () => {
    const { hub, join } = await stage.start();
    const witness = await join();
    let published = 0;
    for (const round of upTo(20)) {
      const victims = await Promise.all(upTo(20).map(() => join()));
      for (const [index, victim] of victims.entries()) {
        void hub.publish(countedEvent(published++));
        if (index % 2) victim.connection.reset();
        else victim.connection.destroy();
      }
      await expect.poll(() => witness.events.length, { interval: 5 }).toBe(20 * (round + 1));
    }
    expect(witness.sequences()).toEqual(upTo(published));
    await expect.poll(() => hub.stats().clients).toBe(1);
  });
});

describe('hostile connections', () => {
  it('do not harm the others: garbage, half handshakes, huge heads, two hundred at once', async () => {
    const { port, http, hub, join } = await stage.start();
    const openings = [
      '\x00\xff\x00',
      'GET /ws HTTP/1.1\r\nHost: x\r\n',
      'GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n',
      `GET /${'a'.repeat(100_000)}`,
      handshake({ 'X-Large': 'x'.repeat(60_000) }),
      handshake().slice(0, -2),
    ];
    for (const index of upTo(200)) {
      const socket = connect(port, '127.0.0.1');
      stage.onEnd(() => socket.destroy());
      socket.on('error', () => {});
      socket.write(openings[index % openings.length] as string, 'latin1');
      if (index % 3 === 0) socket.end();
      if (index % 3 === 1) socket.once('connect', () => socket.resetAndDestroy());
    }
    expect((await fetch(`${http}/healthz`)).status).toBe(200);
    const clients = await Promise.all(upTo(200).map(() => join()));
    await hub.publish(countedEvent(1));
    for (const client of clients) await expect.poll(() => client.sequences()).toEqual([1]);
  });
});

describe('stop', () => {
  it('flushes the queue, sends Close 1001 to all and ends every socket in time', async () => {
    const { hub, port, join } = await stage.start();
    const [client, stalled] = [await join(), await join()];
    stalled.connection.pauseReading();
    const halfRequest = connect(port, '127.0.0.1');
    stage.onEnd(() => halfRequest.destroy());
    halfRequest.on('error', () => {});
    halfRequest.write('POST /broadcast HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n');
    for (const sequence of upTo(12)) await hub.publish(countedEvent(sequence, 1024 * 1024));
    for (const sequence of upTo(300)) void hub.publish(countedEvent(12 + sequence));
    await hub.stop();
    await client.closed;
    expect(client.sequences()).toEqual(upTo(312));
    expect(client.closeFrame()).toMatchObject({ code: 1001 });
    expect(client.events.at(-1)?.kind).toBe('close');
    await expect(hub.publish(countedEvent(1))).rejects.toThrow('stopping');
    await expect(join()).rejects.toThrow();
  });
});
