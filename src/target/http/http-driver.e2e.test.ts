// Hubs of all kinds behind POST: how they take batches is found out without losing, doubling or garbling an event.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Driver } from '../driver.ts';
import type { Header } from './broadcast-header.ts';
import { type HttpDriverOptions, startHttpDriver } from './http-driver.ts';
import { guessBroadcastUrl, probePost } from './post-probe.ts';

interface Request {
  readonly method: string;
  readonly path: string;
  readonly type: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Answer = readonly [status: number, body?: string, contentType?: string];

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

/** A server whose `answer` sees each POST; what it hands to `deliver` is what its clients would get, trial events left out. */
async function serve(
  answer: (request: Request, deliver: (text: string) => void, response: ServerResponse) => Answer | undefined,
) {
  const delivered: string[] = [];
  const requests: Request[] = [];
  const server: Server = createServer((incoming, response) => {
    const handle = (parts: Buffer[]) => {
      const request: Request = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        type: incoming.headers['content-type'] ?? '',
        headers: incoming.headers,
        body: Buffer.concat(parts).toString(),
      };
      if (request.method === 'GET') return response.writeHead(404, { connection: 'close' }).end();
      requests.push(request);
      const deliver = (text: string) => {
        if (!text.includes('"trial.')) delivered.push(text);
      };
      const answered = answer(request, deliver, response);
      if (answered === undefined) return;
      response.writeHead(answered[0], { 'content-type': answered[2] ?? 'application/json' }).end(answered[1]);
    };
    // A request that is abandoned before its body is what the search for POST does.
    incoming.toArray().then(handle, () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  const broadcastUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/broadcast`;
  return { broadcastUrl, delivered, requests };
}

async function drive(options: HttpDriverOptions): Promise<Driver> {
  const start = await startHttpDriver(options);
  if (!start.ok) throw new Error(start.problem);
  opened.push(start.driver);
  return start.driver;
}

const events = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `{"type":"t","appId":"${from + index}","payload":{}}`);
const isBatch = ({ type }: Request) => type === 'application/x-ndjson';

// How hubs that people write read a body that holds several lines.
const HUBS: Record<string, Parameters<typeof serve>[0]> = {
  'takes NDJSON and counts': ({ body }, deliver) => {
    const lines = body.split('\n');
    lines.forEach(deliver);
    return [202, `{"accepted":${lines.length}}`];
  },
  'passes the body on as one message': ({ body }, deliver) => {
    deliver(body);
    return [200];
  },
  'reads the first value and ignores the rest': ({ body }, deliver) => {
    deliver(body.split('\n')[0] ?? '');
    return [200, 'ok'];
  },
  'reads the first value, ignores the rest and counts 1': ({ body }, deliver) => {
    deliver(body.split('\n')[0] ?? '');
    return [202, '{"accepted":1}'];
  },
  'answers 415 to NDJSON': (request, deliver) => {
    if (isBatch(request)) return [415];
    deliver(request.body);
    return [204];
  },
  'answers 400 to NDJSON of several lines only': ({ body }, deliver) => {
    if (body.includes('\n')) return [400, 'invalid JSON'];
    deliver(body);
    return [202, '{"accepted":1}'];
  },
  'takes bodies of at most 200 bytes': ({ body }, deliver) => {
    if (body.length > 200) return [413];
    const lines = body.split('\n');
    lines.forEach(deliver);
    return [202, `{"accepted":${lines.length}}`];
  },
};

// Delivers, and then fails on the way to its answer.
const FAILS_AFTER_DELIVERY: typeof HUBS = {
  'one line of NDJSON': (request, deliver) => {
    request.body.split('\n').forEach(deliver);
    return isBatch(request) ? [500] : [202];
  },
  'several lines of NDJSON': (request, deliver) => {
    const lines = request.body.split('\n');
    lines.forEach(deliver);
    return lines.length > 1 ? [500] : [202, `{"accepted":${lines.length}}`];
  },
  'several lines with a wrong count': ({ body }, deliver) => {
    const lines = body.split('\n');
    lines.forEach(deliver);
    return [202, `{"accepted":${lines.length > 1 ? 900 : 1}}`];
  },
};

describe('a broadcast over HTTP', () => {
  it('refuses for a hub what it counts as not taken, and goes on with batches', async () => {
    const hub = await serve(({ body }, deliver) => {
      const lines = body.split('\n').filter((line) => !line.includes('odd'));
      lines.forEach(deliver);
      return [202, `{"accepted":${lines.length}}`];
    });
    const driver = await drive(hub);
    const odd = '{"type":"t","appId":"odd","payload":{}}';
    const problem = expect.stringContaining('counted 0 of 1 events');
    expect(await driver.broadcast([odd])).toMatchObject({ kind: 'refused', problem, refused: 1 });
    expect(await driver.broadcast(events(0, 3))).toEqual({ ok: true, accepted: 3 });
    expect(hub.requests.at(-1)?.type).toBe('application/x-ndjson');
  });

  it.each(Object.keys(FAILS_AFTER_DELIVERY))(
    'sends no event twice where the hub delivers %s and then answers an error',
    async (name) => {
      const hub = await serve(FAILS_AFTER_DELIVERY[name] ?? (() => [500]));
      const driver = await drive(hub);
      expect(await driver.broadcast(events(0, 1))).toEqual({ ok: true, accepted: 1 });
      expect(await driver.broadcast(events(1, 4))).toEqual({ ok: true, accepted: 3 });
      expect(hub.delivered).toEqual(events(0, 4));
      expect(driver.abilities.batch).toBe(false);
    },
  );

  it.each(Object.keys(HUBS))('reaches clients whole, once and in order at a hub that %s', async (name) => {
    const hub = await serve(HUBS[name] ?? (() => [500]));
    const driver = await drive(hub);
    expect(await driver.broadcast(events(0, 3))).toEqual({ ok: true, accepted: 3 });
    expect(await driver.broadcast(events(3, 4))).toEqual({ ok: true, accepted: 1 });
    expect(await driver.broadcast(events(4, 40))).toEqual({ ok: true, accepted: 36 });
    expect(hub.delivered).toEqual(events(0, 40));
  });

  it('says whether batches are taken, and why not', async () => {
    const reasons: Record<string, string | undefined> = {};
    for (const [name, answer] of Object.entries(HUBS)) {
      const driver = await drive(await serve(answer));
      expect(driver.abilities.batch).toBe(false);
      await driver.broadcast(events(0, 3));
      expect(driver.abilities.batch).toBe(driver.abilities.missing.batch === undefined);
      reasons[name] = driver.abilities.missing.batch;
    }
    expect(reasons).toEqual({
      'takes NDJSON and counts': undefined,
      'passes the body on as one message': expect.stringContaining('without a count'),
      'reads the first value and ignores the rest': expect.stringContaining('without a count'),
      'reads the first value, ignores the rest and counts 1': 'the hub took 1 of 2 events sent as NDJSON',
      'answers 415 to NDJSON': 'POST of application/x-ndjson answered 415',
      'answers 400 to NDJSON of several lines only': 'POST of application/x-ndjson answered 400',
      'takes bodies of at most 200 bytes': undefined,
    });
  });

  it('sends one request for a thousand events once the hub is known to take them', async () => {
    const hub = await serve(HUBS['takes NDJSON and counts'] ?? (() => [500]));
    const driver = await drive({ ...hub, takesBatches: true });
    await driver.broadcast(events(0, 1_000));
    expect(hub.requests).toHaveLength(1);
  });

  it('is not judged unable to take NDJSON because of an event that is refused either way', async () => {
    const hub = await serve(({ body }) =>
      body.includes('bad') ? [400, 'bad event'] : [202, `{"accepted":${body.split('\n').length}}`],
    );
    const driver = await drive(hub);
    expect(await driver.broadcast(['"bad"'])).toMatchObject({ ok: false, kind: 'refused' });
    expect(driver.abilities.batch).toBe(true);
  });

  it('carries the headers and the template of the user', async () => {
    const hub = await serve(() => [200]);
    const headers: Header[] = [
      ['Authorization', 'Bearer x'],
      ['Content-Type', 'application/vnd.x+json'],
    ];
    const driver = await drive({
      ...hub,
      headers,
      template: { text: '', fill: (envelope) => `{"data":${envelope}}` },
    });
    expect(driver.abilities.missing.batch).toBe('a broadcast template holds one event a request');
    expect(await driver.broadcast(['{"a":1}', '{"b":2}'])).toEqual({ ok: true, accepted: 2 });
    expect(hub.requests.map(({ body }) => body)).toEqual(['{"data":{"a":1}}', '{"data":{"b":2}}']);
    expect(hub.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer x',
      'content-type': 'application/vnd.x+json',
    });
  });
});

describe('a broadcast over HTTP that fails', () => {
  const failing = async (answer: Parameters<typeof serve>[0], deadlineMillis = 5_000) => {
    const hub = await serve(answer);
    const outcome = await (await drive(hub)).broadcast(['{}'], { deadlineMillis });
    return { ...outcome, problem: outcome.ok ? '' : outcome.problem.replace(hub.broadcastUrl, 'URL') };
  };

  it.each<[number, string, string]>([
    [
      400,
      'no\n  type',
      'POST URL answered 400 (does it want another body? --broadcast-template, --broadcast-header): no type',
    ],
    [403, '', 'POST URL answered 403 (does it want a --broadcast-header?)'],
    [301, '', 'POST URL answered 301 (redirects are not followed: give the final URL)'],
    [500, 'x'.repeat(999), `POST URL answered 500: ${'x'.repeat(200)}`],
  ])('is refused when the hub answers %d', async (status, body, problem) => {
    const refusal = { ok: false, kind: 'refused', problem, status, refused: 1 };
    expect(await failing(() => [status, body])).toEqual(refusal);
  });

  it('times out when the hub hangs', async () => {
    const problem = 'POST URL was not answered within 200 ms';
    expect(await failing(() => undefined, 200)).toEqual({ ok: false, kind: 'timeout', problem });
  });

  it('times out when the hub starts an answer and hangs', async () => {
    const half = (_request: Request, _deliver: unknown, response: ServerResponse) => {
      response.writeHead(200, { 'content-length': '10' }).write('half');
      return undefined;
    };
    expect(await failing(half, 200)).toMatchObject({ ok: false, kind: 'timeout' });
  });

  it('is unreachable when the hub hangs up', async () => {
    const hangUp = (_request: Request, _deliver: unknown, response: ServerResponse) => {
      response.destroy();
      return undefined;
    };
    const problem = 'POST URL: the connection ended without an answer';
    expect(await failing(hangUp)).toEqual({ ok: false, kind: 'unreachable', problem });
  });

  it('does not start where nothing listens', async () => {
    const start = await startHttpDriver({ broadcastUrl: 'http://127.0.0.1:9/broadcast' });
    expect(start.ok ? '' : start.problem).toContain('nothing listens there (connection refused)');
  });

  it('goes over a new connection where the hub closes each after its answer without announcing it', async () => {
    const hub = await serve(({ body }, deliver, response) => {
      deliver(body);
      const { socket } = response;
      response.once('finish', () => socket?.end());
      return [200];
    });
    const driver = await drive(hub);
    expect(await driver.broadcast(events(0, 20))).toEqual({ ok: true, accepted: 20 });
    expect(hub.delivered).toEqual(events(0, 20));
  });

  it.each([
    ['answers late, whose timer may close a kept one unread', 150, {}, 4],
    ['keeps a connection for a second only', 0, { 'keep-alive': 'timeout=1' }, 4],
    ['answers at once and keeps connections', 0, {}, 1],
  ] as const)(
    'takes the connections that it should from a hub that %s',
    async (_, lateMillis, headers, most) => {
      const sockets = new Set();
      const hub = await serve(({ body }, deliver, response) => {
        deliver(body);
        sockets.add(response.socket);
        setTimeout(() => response.writeHead(200, headers).end(), lateMillis);
        return undefined;
      });
      expect(await (await drive(hub)).broadcast(events(0, 4))).toMatchObject({ ok: true });
      expect(hub.delivered).toEqual(events(0, 4));
      if (most > 1) expect(sockets.size).toBeGreaterThanOrEqual(most);
      else expect(sockets.size).toBeLessThanOrEqual(2);
    },
  );

  it.each(['resets', 'ends'] as const)(
    'sends no event twice to a hub that delivers it and %s the kept connection without an answer',
    async (how) => {
      const used = new WeakSet();
      const hub = await serve(({ body }, deliver, { socket }) => {
        deliver(body);
        if (!socket || !used.has(socket)) {
          if (socket) used.add(socket);
          return [200];
        }
        if (how === 'resets') socket.resetAndDestroy();
        else socket.end();
        return undefined;
      });
      const driver = await drive(hub);
      const problem = expect.stringContaining('which earlier requests had used, ended without an answer');
      const failed = { kind: 'unreachable', problem, isReused: true };
      expect(await driver.broadcast(events(0, 4))).toMatchObject(failed);
      expect(hub.delivered).toEqual(events(0, 1));
      expect(await driver.broadcast(events(1, 4))).toEqual({ ok: true, accepted: 3 });
      expect(hub.delivered).toEqual(events(0, 4));
    },
  );

  it('counts what was taken before the deadline when events go one by one', async () => {
    let taken = 0;
    const hub = await serve(() => (++taken > 2 ? undefined : [200]));
    const outcome = await (await drive(hub)).broadcast(events(0, 5), { deadlineMillis: 300 });
    expect(outcome).toMatchObject({ ok: false, kind: 'timeout' });
  });
});

describe('the forms of a request', () => {
  it('carry the same event to a server that reads HTTP', async () => {
    const hub = await serve(({ body, type }, deliver) => {
      if (type === 'application/x-unknown' || body.includes('not JSON')) return [400];
      const lines =
        type === 'application/x-ndjson'
          ? body
              .split('\n')
              .map((line) => line.trim())
              .filter((line) => line !== '')
          : [JSON.stringify(JSON.parse(body))];
      for (const line of lines) deliver(line);
      return [202, JSON.stringify({ accepted: lines.length })];
    });
    const driver = await drive(hub);
    await driver.broadcast(events(0, 1));
    let sent = 1;
    for (const form of driver.requestForms?.() ?? []) {
      const from = sent;
      sent += form.events;
      expect(await form.send(events(from, sent), 5_000)).toEqual({ ok: true, accepted: form.events });
    }
    expect([...hub.delivered].sort()).toEqual([...events(0, sent)].sort());
    const headers = hub.requests.map((request) => request.headers);
    expect(headers.filter((each) => each['transfer-encoding'] === 'chunked')).toHaveLength(2);
    expect(headers.filter(({ expect: expected }) => expected === '100-continue')).toHaveLength(1);
    expect(headers.filter(({ cookie = '' }) => cookie.length > 6_000)).toHaveLength(1);
  });

  it('are none where a body is not the event itself', async () => {
    const hub = await serve(() => [202]);
    const driver = await drive({ ...hub, headers: [['Content-Type', 'application/cloudevents+json']] });
    expect(driver.requestForms?.()).toEqual([]);
  });
});

describe('the search for POST /broadcast', () => {
  it('finds it without sending anything that could be broadcast', async () => {
    const hub = await serve(HUBS['passes the body on as one message'] ?? (() => [500]));
    expect(await probePost(new URL(hub.broadcastUrl))).toEqual({ isThere: true });
    expect(hub.delivered).toEqual([]);
  });

  it.each<[number, string | undefined]>([
    [404, undefined],
    [405, undefined],
    [401, '(does it want a --broadcast-header?)'],
  ])('takes %d for a no', async (status, hint) => {
    const server = createServer((_request, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.push(server);
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/broadcast`);
    const probe = await probePost(url);
    expect(probe).toMatchObject({ isThere: false });
    expect(probe.isThere ? '' : probe.reason).toContain(`answered ${status}${hint ? ` ${hint}` : ''}`);
  });

  it('guesses the place from where clients connect', () => {
    expect(guessBroadcastUrl('ws://127.0.0.1:8800/ws?x=1').href).toBe('http://127.0.0.1:8800/broadcast');
    expect(guessBroadcastUrl('wss://[::1]/ws').href).toBe('https://[::1]/broadcast');
  });
});
