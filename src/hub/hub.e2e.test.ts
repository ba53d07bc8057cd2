// The hub over real sockets: exact eviction, prefixes, origins, producers, hostile clients, and the way it stops.
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Connection, ConnectionEnd } from '../wire/connection.ts';
import { encodeClientFrame, encodeFrame } from '../wire/frame-writer.ts';
import { createMessageReader, type WireEvent } from '../wire/message-reader.ts';
import { openConnection } from '../wire/open-connection.ts';
import { hasSmallWindow } from '../wire/small-window-socket.ts';
import { createHub, type Hub } from './hub.ts';
import type { HubOptions } from './hub-options.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Running {
  readonly hub: Hub;
  readonly url: string;
  readonly http: string;
}

async function start(options: HubOptions = {}): Promise<Running> {
  const hub = createHub(options);
  const { url, broadcastUrl } = await hub.listen(0);
  cleanups.push(() => hub.stop());
  return { hub, url, http: broadcastUrl.replace('/broadcast', '') };
}

interface Listener {
  readonly connection: Connection;
  readonly events: WireEvent[];
  readonly texts: () => string[];
  readonly closed: Promise<ConnectionEnd>;
  readonly isTorn: () => boolean;
}

async function join(url: string, options: { window?: 'small'; origin?: string } = {}): Promise<Listener> {
  const reader = createMessageReader();
  const events: WireEvent[] = [];
  let close: (end: ConnectionEnd) => void = () => {};
  const closed = new Promise<ConnectionEnd>((resolve) => {
    close = resolve;
  });
  const opened = await openConnection({
    url,
    deadlineMillis: 10_000,
    ...(options.window ? { window: options.window } : {}),
    headers: options.origin ? [['Origin', options.origin]] : [],
    listener: {
      onBytes: (buffer, start, end) => events.push(...reader.read(buffer.subarray(start, end))),
      onClosed: (end) => close(end),
    },
  });
  if (!opened.ok) throw new Error(opened.problem);
  cleanups.push(() => opened.connection.destroy());
  const texts = () => events.flatMap((event) => (event.kind === 'text' ? [event.payload.toString()] : []));
  return { connection: opened.connection, events, texts, closed, isTorn: () => reader.hasPartial };
}

function event(
  sequence: number,
  paddingBytes = 0,
): { type: string; appId: string; payload: Record<string, unknown> } {
  return {
    type: 'deploy.progress',
    appId: 'shop',
    payload: { sagaId: 's', message: `${sequence}:`.padEnd(paddingBytes, 'x') },
  };
}

const sequencesOf = (listener: Listener) =>
  listener
    .texts()
    .map((text) =>
      Number.parseInt((JSON.parse(text) as ReturnType<typeof event>).payload.message as string, 10),
    );

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

async function post(
  http: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${http}/broadcast`, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(body)),
    headers: { 'content-type': 'application/json', ...headers },
  });
}

const FRAME_BYTES = 256 * 1024;

describe('slow clients', () => {
  it.skipIf(!hasSmallWindow())(
    'keeps a client with 65 messages outstanding and delivers all of them',
    async () => {
      const { hub, url } = await start();
      const slow = await join(url, { window: 'small' });
      slow.connection.pauseReading();
      for (const sequence of upTo(65)) await hub.publish(event(sequence, FRAME_BYTES));
      await expect.poll(() => hub.stats().broadcasts).toBe(65);
      expect(hub.stats().evictions).toBe(0);
      slow.connection.resumeReading();
      await expect.poll(() => sequencesOf(slow).length, { timeout: 15_000 }).toBe(65);
      expect(sequencesOf(slow)).toEqual(upTo(65));
      expect(slow.connection.isOpen).toBe(true);
    },
  );

  it.skipIf(!hasSmallWindow())(
    'evicts the client whose 66th message is outstanding, with its prefix, Close 1013 and without harm to others',
    async () => {
      const { hub, url } = await start({ evictionGraceMillis: 10_000 });
      const slow = await join(url, { window: 'small' });
      const fast = await join(url);
      slow.connection.pauseReading();
      for (const sequence of upTo(66)) await hub.publish(event(sequence, FRAME_BYTES));
      await expect.poll(() => hub.stats().evictions).toBe(1);
      slow.connection.resumeReading();
      await slow.closed;
      expect(sequencesOf(slow)).toEqual(upTo(65));
      expect(slow.events.at(-1)).toMatchObject({ kind: 'close' });
      expect((slow.events.at(-1) as { payload: Buffer }).payload.readUInt16BE(0)).toBe(1013);
      await expect.poll(() => sequencesOf(fast)).toEqual(upTo(66));
      expect(hub.stats()).toMatchObject({ clients: 1, departures: { 'slow consumer': 1 } });
    },
  );

  it('closes the socket of an evicted client that never reads again', async () => {
    const { hub, url } = await start({ evictionGraceMillis: 50, clientBufferMessages: 2 });
    const slow = await join(url);
    slow.connection.pauseReading();
    for (const sequence of upTo(12)) await hub.publish(event(sequence, 4 * 1024 * 1024));
    await expect.poll(() => hub.stats().evictions, { timeout: 10_000 }).toBe(1);
    const pongs = setInterval(() => slow.connection.write(encodeClientFrame(10)), 20);
    cleanups.push(() => clearInterval(pongs));
    expect(await slow.closed).toMatchObject({ kind: 'reset' });
  });

  it('delivers a burst of 2,000 events to 50 clients that read', async () => {
    const { url, http } = await start();
    const clients = await Promise.all(upTo(50).map(() => join(url)));
    const body = upTo(2_000)
      .map((sequence) => JSON.stringify(event(sequence, 900)))
      .join('\n');
    expect((await post(http, body, { 'content-type': 'application/x-ndjson' })).status).toBe(202);
    for (const client of clients) {
      await expect.poll(() => client.texts().length, { timeout: 15_000 }).toBe(2_000);
      expect(sequencesOf(client)).toEqual(upTo(2_000));
    }
  });
});

describe('clients', () => {
  it('has a client in the set before it can have seen the 101', async () => {
    const { hub, url } = await start();
    for (let dial = 0; dial < 50; dial++) {
      const client = await join(url);
      await hub.publish(event(dial));
      await expect.poll(() => sequencesOf(client)).toEqual([dial]);
      client.connection.reset();
    }
  });

  it.each([
    ['no Origin', undefined, true],
    ['a default origin', 'http://localhost:5173', true],
    ['a listed origin', 'https://norn.example.com', true],
    ['a local host on any port', 'http://[::1]:9999', true],
    ['a foreign origin', 'https://evil.example', false],
    ['null', 'null', false],
  ])('judges %s', async (_title, origin, isAllowed) => {
    const { url, hub } = await start({ allowedOrigins: ['https://norn.example.com'] });
    const opened = join(url, origin ? { origin } : {});
    if (isAllowed) return expect((await opened).connection.isOpen).toBe(true);
    await expect(opened).rejects.toThrow('HTTP 403');
    expect(hub.stats()).toMatchObject({ clients: 0, refusedOrigins: 1 });
  });

  it.each([
    ['an unmasked frame', encodeFrame({ opcode: 1, payload: Buffer.from('hi') }), 1002],
    ['a reserved opcode', encodeClientFrame(3), 1002],
    ['text that is not UTF-8', encodeClientFrame(1, Buffer.from([0xff])), 1007],
    ['a message over 64 KiB', encodeClientFrame(1, Buffer.alloc(65_537)), 1009],
    [
      'a declared length of 2^40 bytes',
      encodeFrame({ opcode: 2, mask: Buffer.alloc(4), declaredBytes: 1n << 40n }),
      1009,
    ],
  ])('closes on %s', async (_title, bytes, code) => {
    const { url, hub } = await start();
    const client = await join(url);
    client.connection.write(bytes);
    await client.closed;
    expect(
      (client.events.find(({ kind }) => kind === 'close') as { payload: Buffer }).payload.readUInt16BE(0),
    ).toBe(code);
    expect(hub.stats().clients).toBe(0);
  });

  it('drops what clients send, answers their pings, and echoes their Close', async () => {
    const { hub, url } = await start();
    const [talker, other] = [await join(url), await join(url)];
    for (let i = 0; i < 100; i++) talker.connection.write(encodeClientFrame(1, JSON.stringify(event(i))));
    talker.connection.write(encodeClientFrame(9, 'are you there'));
    await expect.poll(() => talker.events).toEqual([{ kind: 'pong', payload: Buffer.from('are you there') }]);
    await hub.publish(event(7));
    await expect.poll(() => sequencesOf(other)).toEqual([7]);
    talker.connection.write(encodeClientFrame(8, Buffer.from([0x03, 0xe8])));
    expect(await talker.closed).toMatchObject({ kind: 'fin' });
    expect(talker.events.at(-1)).toMatchObject({ kind: 'close', payload: Buffer.from([0x03, 0xe8]) });
  });

  it('ends a client that ended its side, and one that never answers pings', async () => {
    const { url, hub } = await start({ pingIntervalMillis: 50 });
    const [halfClosed, silent] = [await join(url), await join(url)];
    halfClosed.connection.endWriting();
    expect((await halfClosed.closed).kind).toMatch(/fin|local/);
    await silent.closed;
    expect(silent.events.filter(({ kind }) => kind === 'ping').length).toBe(2);
    expect(hub.stats().departures).toMatchObject({ 'unanswered pings': 1 });
  });

  it('survives garbage and half a handshake', async () => {
    const { url, http } = await start();
    const port = Number(new URL(url).port);
    for (const garbage of [
      '\x00\xff\x00',
      'GET /ws HTTP/1.1\r\nHost: x\r\n',
      'GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n',
      `GET /${'a'.repeat(100_000)}`,
    ]) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.end(garbage, 'latin1');
    }
    expect((await fetch(`${http}/healthz`)).status).toBe(200);
    expect((await join(url)).connection.isOpen).toBe(true);
  });
});

describe('POST /broadcast', () => {
  const good = JSON.stringify(event(1));
  const ndjson = { 'content-type': 'application/x-ndjson' };
  it.each([
    ['one envelope', good, {}, 202, '{"accepted":1}'],
    ['many envelopes, one a line', `${good}\n\n${good}\n`, ndjson, 202, '{"accepted":2}'],
    ['an unknown type', '{"type":"beacon.event","appId":"a","payload":{}}', {}, 202, '{"accepted":1}'],
    [
      'a missing field',
      '{"type":"deploy.failed","appId":"a","payload":{"sagaId":"s"}}',
      {},
      400,
      'payload.error is missing',
    ],
    ['a bad line, naming it', `${good}\n{}\n`, ndjson, 400, 'line 2: type is missing'],
    ['what is not JSON', '{"type":', {}, 400, 'not one JSON value'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), {}, 400, 'not UTF-8'],
    ['another content type', good, { 'content-type': 'text/plain' }, 415, 'application/x-ndjson'],
    ['a foreign origin', good, { origin: 'https://evil.example' }, 403, 'evil.example'],
    ['a body over 8 MiB', Buffer.alloc(8 * 1024 * 1024 + 1, 32), {}, 413, '8388608'],
    ['deep nesting', '['.repeat(100_000), {}, 400, 'not one JSON value'],
  ])('answers %s', async (_title, body, headers, status, answer) => {
    const { http, hub } = await start();
    const response = await post(http, body, headers as Record<string, string>);
    expect([response.status, await response.text()]).toEqual([status, expect.stringContaining(answer)]);
    if (status !== 202) expect(hub.stats().broadcasts).toBe(0);
  });

  it('demands the token when there is one', async () => {
    const { http } = await start({ broadcastToken: 'secret' });
    expect((await post(http, good)).status).toBe(401);
    expect((await post(http, good, { authorization: 'Bearer secret' })).status).toBe(202);
  });

  it('puts the text of an envelope on the wire as it came', async () => {
    const { url, http } = await start();
    const client = await join(url);
    const text =
      '{"type":"x","appId":"\\u2028<>&","payload":{"n":9007199254740993,"e":1E400,"d":null,"s":"\u{1f680}"}}';
    expect((await post(http, `  ${text}\n`)).status).toBe(202);
    await expect.poll(() => client.texts()).toEqual([text]);
  });
});

describe('the other routes', () => {
  it('serves health, counters and Prometheus text, and says what else there is', async () => {
    const { url, http } = await start();
    await join(url);
    expect(await (await fetch(`${http}/healthz`)).text()).toBe('ok\n');
    expect(await (await fetch(`${http}/stats`)).json()).toMatchObject({
      clients: 1,
      broadcasts: 0,
      evictions: 0,
    });
    expect(await (await fetch(`${http}/metrics`)).text()).toMatch(/^norn_hub_clients 1$/m);
    expect((await fetch(`${http}/nothing`)).status).toBe(404);
    expect((await fetch(`${http}/broadcast`)).status).toBe(405);
    expect((await fetch(`${http}/ws`)).status).toBe(426);
  });
});

describe('stop', () => {
  it('flushes the queue, sends Close 1001 and ends every socket', async () => {
    const { hub, url } = await start();
    const client = await join(url);
    for (const sequence of upTo(100)) void hub.publish(event(sequence));
    await hub.stop();
    await client.closed;
    expect(sequencesOf(client)).toEqual(upTo(100));
    expect((client.events.at(-1) as { payload: Buffer }).payload.readUInt16BE(0)).toBe(1001);
  });
});
