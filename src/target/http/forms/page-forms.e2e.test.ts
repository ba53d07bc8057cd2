// What a page sends in each form, as a server that refuses pages sees it.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createPageForms } from './page-forms.ts';

const PAGE = 'http://evil.example';

interface Request {
  readonly origin: string | undefined;
  readonly type: string;
  readonly body: string;
  readonly port: number | undefined;
}

/** Takes what comes without an Origin, and refuses the rest. */
async function startRefusing() {
  const requests: Request[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { origin, 'content-type': type = '' } = request.headers;
    const body = Buffer.concat(chunks).toString();
    requests.push({ origin, type, body, port: request.socket.remotePort });
    response.writeHead(origin === undefined ? 202 : 403).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { requests, url: new URL(`http://127.0.0.1:${port}/broadcast`) };
}

it('sends every form of a page with its Origin instead of that of the user, and says that it was refused', async () => {
  const { requests, url } = await startRefusing();
  const headers = { origin: 'http://localhost:3000' };
  const forms = createPageForms({ url, headers, tls: undefined, page: { Origin: PAGE } });
  const ofPages = forms.filter(({ ownEvents = 0 }) => ownEvents === 0);
  for (const form of ofPages) {
    const texts = Array.from({ length: form.events }, (_, at) => `{"n":${at}}`);
    expect(await form.send(texts, 5_000), form.name).toMatchObject({ ok: false, kind: 'refused' });
  }
  expect(requests.every(({ origin }) => origin === PAGE)).toBe(true);
  const types = new Set(requests.map(({ type }) => type));
  expect([...types]).toEqual(
    expect.arrayContaining(['', 'application/json', 'application/x-ndjson', 'text/plain;charset=UTF-8']),
  );
  expect(requests.map(({ body }) => body)).toContain('[{"n":0},{"n":1}]');
});

it('sends the event of a page on the connection of an ordinary one', async () => {
  const { requests, url } = await startRefusing();
  const forms = createPageForms({ url, headers: {}, tls: undefined, page: { Origin: PAGE } });
  const form = forms.find(({ ownEvents }) => ownEvents === 1);
  expect(await form?.send(['{"n":0}', '{"n":1}'], 5_000)).toMatchObject({ ok: false, status: 403 });
  expect(requests.map(({ origin, body }) => [origin, body])).toEqual([
    [undefined, '{"n":0}'],
    [PAGE, '{"n":1}'],
  ]);
  expect(requests[0]?.port).toBe(requests[1]?.port);
});
