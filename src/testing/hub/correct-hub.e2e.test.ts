// The hub that all known-bad hubs are made from is correct itself: real sockets and an independent client library.
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { buildNumberedText } from '../builders/envelope-builder.ts';
import { postEvents } from '../peers/post-events.ts';
import { encodeMasked, openWitness, type Witness } from '../peers/witness-client.ts';
import { startDefectiveHub } from '../registry.ts';
import { HUGE_BYTES, isReallyClosed, join, joinStalled, numbersOf, publishPaced } from '../symptoms/steps.ts';
import type { RunningHub, StartOptions } from './start-hub.ts';

const running: RunningHub[] = [];

async function start(options: StartOptions = {}): Promise<RunningHub> {
  const hub = await startDefectiveHub('correct', options);
  running.push(hub);
  return hub;
}

afterEach(async () => {
  for (const hub of running.splice(0)) await hub.close();
});

function closeOf(client: WebSocket): Promise<{ code: number; reason: string }> {
  return new Promise((resolve) =>
    client.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
}

async function connect(hub: RunningHub, origin?: string): Promise<{ client: WebSocket; texts: string[] }> {
  const client = new WebSocket(hub.url, origin === undefined ? {} : { origin });
  const texts: string[] = [];
  client.on('message', (data) => texts.push(data.toString()));
  await new Promise((resolve, reject) => client.once('open', resolve).once('error', reject));
  return { client, texts };
}

describe('the correct hub under the known-bad ones', () => {
  it('delivers an event posted right after 101 to every client, byte for byte', async () => {
    const hub = await start();
    const one = await join(hub);
    const other = await join(hub);
    const text = '{"type":"t","appId":"","payload":{"big":9007199254740993,"text":"<&>\\u2028é"}}';
    expect(await postEvents(hub.broadcastUrl, [text])).toMatchObject({ status: 202 });
    expect(await one.until(() => one.texts.length === 1)).toBe(true);
    expect(await other.until(() => other.texts.length === 1)).toBe(true);
    expect([one.texts, other.texts]).toEqual([[text], [text]]);
    expect(one.frames[0]).toMatchObject({ firstByte: 0x81, isMasked: false });
  });

  it('keeps 65 outstanding messages and evicts on the 66th, with the prefix and Close 1013', async () => {
    const hub = await start({ evictionGraceMillis: 5_000 });
    const kept = await joinStalled(hub);
    const healthy = await join(hub);
    expect(await publishPaced(hub, healthy, 65, { bytes: HUGE_BYTES, deadlineMillis: 10_000 })).toBe(true);
    expect(hub.hub.clients.size).toBe(2);
    expect(await publishPaced(hub, healthy, 1, { from: 65, deadlineMillis: 10_000 })).toBe(true);
    expect(hub.hub.clients.size).toBe(1);
    kept.resume();
    await kept.until(() => kept.closeCode !== undefined, 15_000);
    expect(kept.closeCode).toBe(1013);
    expect(numbersOf(kept)).toEqual(Array.from({ length: 65 }, (_, index) => index));
  }, 60_000);

  it('closes the socket of an evicted client that never reads', async () => {
    const hub = await start({ clientBufferMessages: 4, evictionGraceMillis: 100 });
    const stalled = await joinStalled(hub);
    await publishPaced(hub, await join(hub), 6, { bytes: HUGE_BYTES, deadlineMillis: 10_000 });
    expect(await isReallyClosed(stalled)).toBe(true);
  }, 60_000);

  it('keeps fifty healthy readers through a burst of 2,000 events', async () => {
    const hub = await start();
    const readers = await Promise.all(Array.from({ length: 50 }, () => join(hub)));
    const texts = Array.from({ length: 2_000 }, (_, index) => buildNumberedText(index, 500));
    await postEvents(hub.broadcastUrl, texts, { deadlineMillis: 20_000 });
    for (const reader of readers) await reader.until(() => reader.texts.length === 2_000, 20_000);
    expect(readers.map((reader) => reader.texts.length)).toEqual(readers.map(() => 2_000));
  }, 60_000);

  it.each([
    ['no origin', undefined, 101],
    ['a default', 'http://localhost:5173', 101],
    ['a local host with any port', 'https://[::1]:9', 101],
    ['a listed extra', 'https://norn.example.com', 101],
    ['a foreign site', 'https://evil.com', 403],
    ['a look-alike', 'http://localhost.evil.com', 403],
    ['null', 'null', 403],
  ])('answers %s as the origin rule says', async (_name, origin, status) => {
    const hub = await start({ extraOrigins: ['https://norn.example.com'] });
    const witness = await openWitness(hub.url, { headers: { Origin: origin } });
    expect(witness.response?.status).toBe(status);
  });

  it('refuses two Origin headers, wrong paths, methods, versions and keys', async () => {
    const hub = await start();
    const dial = async (options: Parameters<typeof openWitness>[1]) =>
      (await openWitness(hub.url, options)).response?.status;
    expect(await dial({ headers: { Origin: ['http://localhost', 'http://localhost'] } })).toBe(403);
    expect(await dial({ path: '/elsewhere' })).toBe(404);
    expect(await dial({ method: 'POST' })).toBe(405);
    expect(await dial({ headers: { 'Sec-WebSocket-Version': '7' } })).toBe(400);
    expect(await dial({ headers: { 'Sec-WebSocket-Key': undefined } })).toBe(400);
    expect(await dial({ headers: { Upgrade: undefined } })).toBe(426);
  });

  it('echoes the code of a Close and ends the connection', async () => {
    const hub = await start();
    const { client } = await connect(hub);
    client.close(3001, 'bye');
    expect(await closeOf(client)).toMatchObject({ code: 3001 });
  });

  it('answers pings with their payload, also in the middle of a fragmented message', async () => {
    const hub = await start();
    const witness = await join(hub);
    witness.send(1, 'half', 0x01);
    witness.send(9, 'payload');
    await witness.until(() => witness.frames.length > 0);
    witness.send(0, 'rest', 0x80);
    witness.send(9, 'after');
    await witness.until(() => witness.frames.length > 1);
    expect(witness.frames.map((frame) => [frame.opcode, frame.payload.toString()])).toEqual([
      [10, 'payload'],
      [10, 'after'],
    ]);
  });

  const ILLEGAL: readonly (readonly [string, number, (witness: Witness) => void])[] = [
    ['an unmasked frame', 1002, (witness) => witness.sendRaw(Buffer.from([0x81, 1, 65]))],
    ['a reserved bit', 1002, (witness) => witness.send(1, 'x', 0xc1)],
    ['a reserved opcode', 1002, (witness) => witness.send(3, 'x')],
    ['a fragmented ping', 1002, (witness) => witness.send(9, 'x', 0x09)],
    ['a continuation of nothing', 1002, (witness) => witness.send(0, 'x')],
    ['a bad close code', 1002, (witness) => witness.send(8, Buffer.from([0x03, 0xed]))],
    ['invalid UTF-8', 1007, (witness) => witness.send(1, Buffer.from([0xff, 0xfe]))],
    [
      'a huge declared length',
      1009,
      (witness) => witness.sendRaw(encodeMasked(0x82, Buffer.alloc(0), 2 ** 40)),
    ],
  ];
  it.each(ILLEGAL)('answers %s with Close %i and serves the others', async (_name, code, misbehave) => {
    const hub = await start();
    const other = await join(hub);
    const witness = await join(hub);
    misbehave(witness);
    await witness.until(() => witness.closeCode !== undefined);
    expect(witness.closeCode).toBe(code);
    expect(await publishPaced(hub, other, 3)).toBe(true);
  });

  it('drops what clients send, whatever it is', async () => {
    const hub = await start();
    const listener = await join(hub);
    const talker = await join(hub);
    for (let index = 0; index < 100; index += 1) talker.send(1, buildNumberedText(1_000 + index));
    talker.send(9, 'done');
    await talker.until(() => talker.frames.some((frame) => frame.opcode === 10));
    expect(await publishPaced(hub, listener, 1)).toBe(true);
    expect(numbersOf(listener)).toEqual([0]);
  });

  it('ends a client that answers no ping and keeps one that does', async () => {
    const hub = await start({ pingIntervalMillis: 50 });
    const silent = await join(hub);
    const { client } = await connect(hub);
    await silent.until(() => silent.ended !== undefined);
    expect(silent.ended).toBeDefined();
    expect(client.readyState).toBe(WebSocket.OPEN);
    client.terminate();
  });

  it('takes a half-closed client for gone', async () => {
    const hub = await start();
    const witness = await join(hub);
    witness.endWriting();
    await witness.until(() => witness.ended !== undefined);
    expect(witness.ended).toBe('fin');
    expect(hub.hub.clients.size).toBe(0);
  });

  it('answers bad broadcasts with the rule they break', async () => {
    const hub = await start();
    const listener = await join(hub);
    const bad = await postEvents(hub.broadcastUrl, [buildNumberedText(0), '{"type":1}']);
    expect(bad).toMatchObject({ status: 400, body: expect.stringContaining('line 2') });
    const foreign = await postEvents(hub.broadcastUrl, ['{}'], { headers: { Origin: 'http://evil.com' } });
    expect(foreign.status).toBe(403);
    const form = await postEvents(hub.broadcastUrl, ['{}'], { headers: { 'Content-Type': 'text/plain' } });
    expect(form.status).toBe(415);
    expect(await publishPaced(hub, listener, 1, { from: 7 })).toBe(true);
    expect(numbersOf(listener)).toEqual([7]);
  });

  it('says goodbye with 1001 when it stops, after what was accepted before', async () => {
    const hub = await start();
    const { client, texts } = await connect(hub);
    const closed = closeOf(client);
    await postEvents(
      hub.broadcastUrl,
      Array.from({ length: 100 }, (_, index) => buildNumberedText(index)),
    );
    await hub.stop();
    expect(await closed).toMatchObject({ code: 1001 });
    expect(texts.length).toBe(100);
  });
});
