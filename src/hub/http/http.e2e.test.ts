// The HTTP side of the hub over real requests: POST /broadcast with every limit it has, counters, and a hub on a
// server that is not its own.
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { countedEvent, openPeer, upTo } from '../../testing/peers/listening-peer.ts';
import { rawExchange } from '../../testing/peers/raw-exchange.ts';
import { createStage } from '../../testing/peers/running-hub.ts';
import { createHub } from '../hub.ts';

const stage = createStage();
afterEach(() => stage.clear());

const NDJSON = { 'content-type': 'application/x-ndjson' };
const good = JSON.stringify(countedEvent(1));
const OVER_LIMIT = Buffer.alloc(8 * 1024 * 1024 + 1, 32);

function post(http: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${http}/broadcast`, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(body)),
    headers: { 'content-type': 'application/json', ...headers },
  });
}

describe('POST /broadcast', () => {
  it.each([
    ['one envelope', good, {}, 202, '{"accepted":1}'],
    ['parameters of the content type', good, { 'content-type': 'Application/JSON; charset=utf-8' }, 202, '1'],
    ['many envelopes, one a line', `${good}\n\r\n${good}\n`, NDJSON, 202, '{"accepted":2}'],
    ['an unknown type', '{"type":"beacon.event","appId":"a","payload":{}}', {}, 202, '{"accepted":1}'],
    ['a local origin', good, { origin: 'http://localhost:5173' }, 202, '{"accepted":1}'],
    [
      'a missing field',
      '{"type":"deploy.failed","appId":"a","payload":{"sagaId":"s"}}',
      {},
      400,
      'payload.error',
    ],
    ['a bad line, naming it', `${good}\n\n{}\n`, NDJSON, 400, 'line 3: type is missing'],
    ['two envelopes as JSON', `${good}\n${good}`, {}, 400, 'not one JSON value'],
    [
      'a field that occurs twice',
      '{"type":"x","appId":"a","payload":{"k":1,"k":2}}',
      {},
      400,
      'occurs twice in one object',
    ],
    ['what is not JSON', '{"type":', {}, 400, 'not one JSON value'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), {}, 400, 'not UTF-8'],
    ['no envelope at all', '\n\n', NDJSON, 400, 'no envelope'],
    ['an empty body', '', {}, 400, 'not one JSON value'],
    ['another content type', good, { 'content-type': 'text/plain' }, 415, 'application/x-ndjson'],
    ['a packed body', good, { 'content-encoding': 'gzip' }, 415, 'gzip'],
    ['a foreign origin', good, { origin: 'https://evil.example' }, 403, 'evil.example'],
    ['a body over 8 MiB', OVER_LIMIT, {}, 413, '8388608'],
    ['nesting that never ends', '['.repeat(100_000), {}, 400, 'not one JSON value'],
  ])('answers %s', async (_title, body, headers, status, answer) => {
    const { http, hub } = await stage.start();
    const response = await post(http, body, headers as Record<string, string>);
    expect([response.status, await response.text()]).toEqual([status, expect.stringContaining(answer)]);
    if (status !== 202) expect(hub.stats().broadcasts).toBe(0);
    expect((await fetch(`${http}/healthz`)).status).toBe(200);
  });

  it('finds out that a body without a declared length is too large, and lets its sender read that', async () => {
    const { port } = await stage.start();
    const head =
      'POST /broadcast HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(0x100000, 32), Buffer.from('\r\n')]);
    const request = Buffer.concat([Buffer.from(head), ...Array(12).fill(chunk), Buffer.from('0\r\n\r\n')]);
    expect(await rawExchange(port, request)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('demands the token when there is one', async () => {
    const { http } = await stage.start({ broadcastToken: 'secret' });
    expect((await post(http, good)).status).toBe(401);
    expect((await post(http, good, { authorization: 'Bearer secres' })).status).toBe(401);
    expect((await post(http, good, { authorization: 'Bearer secret' })).status).toBe(202);
  });

  it('puts the text of an envelope on the wire as it came, whatever its numbers, escapes and depth', async () => {
    const { http, join } = await stage.start();
    const client = await join();
    const deep = `${'[{"a":'.repeat(50_000)}0${'}]'.repeat(50_000)}`;
    const payload = `{"n":9007199254740993,"e":1E400,"d":null,"s":"\u{1f680}\\u0000","deep":${deep}}`;
    const text = `{ "type":"x","appId":"\\u2028<>&","payload":${payload}}`;
    expect((await post(http, ` \t${text}\r\n`)).status).toBe(202);
    await expect.poll(() => client.texts()).toEqual([text]);
  });

  it('makes producers wait while the queue is full, keeps their order, and loses nothing', async () => {
    const { http, join } = await stage.start({ broadcastBufferEvents: 4 });
    const client = await join();
    const bodies = upTo(8).map((producer) =>
      upTo(100)
        .map((index) => JSON.stringify(countedEvent(producer * 1_000 + index)))
        .join('\n'),
    );
    const answers = await Promise.all(bodies.map((body) => post(http, body, NDJSON)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(202));
    await expect.poll(() => client.events.length).toBe(800);
    for (const producer of upTo(8)) {
      const own = client.sequences().filter((sequence) => Math.floor(sequence / 1_000) === producer);
      expect(own).toEqual(upTo(100).map((index) => producer * 1_000 + index));
    }
  });

  it('takes 8 MiB of small events in one request', async () => {
    const { http, hub } = await stage.start();
    const lines = Math.floor((8 * 1024 * 1024) / (good.length + 1));
    expect(await (await post(http, `${good}\n`.repeat(lines), NDJSON)).json()).toEqual({ accepted: lines });
    await expect.poll(() => hub.stats().broadcasts).toBe(lines);
  });
});

describe('the other routes', () => {
  it('serve health, counters and Prometheus text, and say what else there is', async () => {
    const { http, join, hub } = await stage.start();
    await join();
    await hub.publish(countedEvent(1));
    await expect.poll(() => hub.stats().deliveries).toBe(1);
    const read = (path: string, method = 'GET') => fetch(`${http}${path}`, { method });
    expect(await (await read('/healthz')).text()).toBe('ok\n');
    expect(await (await read('/stats')).json()).toMatchObject({ clients: 1, broadcasts: 1, evictions: 0 });
    const metrics = await (await read('/metrics')).text();
    for (const name of ['clients', 'broadcasts_total', 'deliveries_total']) {
      expect(metrics).toMatch(new RegExp(`^norn_hub_${name} 1$`, 'm'));
    }
    for (const name of ['refused_origins_total', 'broadcast_queue_events', 'event_loop_delay_seconds_mean']) {
      expect(metrics).toMatch(new RegExp(`^norn_hub_${name} \\d`, 'm'));
    }
    expect(metrics).toContain('norn_hub_evictions_total{reason="slow consumer"} 0');
    expect((await read('/nothing')).status).toBe(404);
    expect((await read('/broadcast')).status).toBe(405);
    expect((await read('/stats', 'DELETE')).status).toBe(405);
    expect((await read('/ws')).status).toBe(426);
  });
});

describe('publish', () => {
  it('tells its caller about what is not an envelope', async () => {
    const { hub } = await stage.start();
    const broken = { type: 'deploy.failed', appId: 'a', payload: {} };
    await expect(hub.publish(broken)).rejects.toThrow('payload.sagaId is missing');
  });
});

describe('a hub on a server of the user', () => {
  it('takes its own paths, leaves the rest, and gives the server back', async () => {
    const server = createServer((_request, response) => response.end('mine'));
    server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 418 Mine\r\nContent-Length: 0\r\n\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stage.onEnd(() => server.close());
    const { port } = server.address() as { port: number };
    const http = `http://127.0.0.1:${port}`;
    const hub = createHub({ server });
    const client = await openPeer(`ws://127.0.0.1:${port}/ws`);
    expect((await post(http, good)).status).toBe(202);
    await expect.poll(() => client.sequences()).toEqual([1]);
    expect(await (await fetch(`${http}/index.html`)).text()).toBe('mine');
    await expect(openPeer(`ws://127.0.0.1:${port}/other`)).rejects.toThrow('418');
    await hub.stop();
    await client.closed;
    expect(client.closeFrame()?.code).toBe(1001);
    expect(await (await fetch(`${http}/stats`)).text()).toBe('mine');
  });
});
