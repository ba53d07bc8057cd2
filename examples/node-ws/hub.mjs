// A small correct hub on `ws`: node hub.mjs [port]. Prints where it listens, takes POST /broadcast.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

// Not `new URL`: it takes http://127.1 and http://LOCALHOST for this machine, the protocol's own hub does not.
const LOCAL = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d*)?$/;
const listed = (process.env.NORN_ALLOWED_ORIGINS ?? '').split(',');
const mayEnter = (origin = '') => origin === '' || listed.includes(origin) || LOCAL.test(origin);
const clients = new Set();

// One message is in flight, 64 are queued, the next evicts: out of the set at once, a second for the queue to drain
// and a Close to get through, then the socket is destroyed whether the client reads or not.
function publish(text) {
  for (const client of clients) {
    if (client.isSending && client.queue.length === 64) {
      clients.delete(client);
      client.isEvicted = true;
      setTimeout(() => client.ws.terminate(), 1000);
    } else if (client.queue.push(text) && !client.isSending) sendNext(client);
  }
}
function sendNext(client) {
  const text = client.queue.shift();
  client.isSending = text !== undefined;
  if (client.isSending) client.ws.send(text, () => sendNext(client));
  else if (client.isEvicted) client.ws.close(1013, 'slow consumer');
}

async function answer(request) {
  if (request.method !== 'POST' || request.url !== '/broadcast') return 404;
  if (!mayEnter(request.headers.origin)) return 403;
  if (!request.headers['content-type']?.startsWith('application/json')) return 415;
  const text = (await request.setEncoding('utf8').toArray()).join('');
  const { type, appId, payload } = JSON.parse(text);
  if (typeof type !== 'string' || typeof appId !== 'string' || typeof payload !== 'object') return 400;
  publish(text);
  return 202;
}
const server = createServer(async (request, response) => {
  response.writeHead(await answer(request).catch(() => 400)).end();
});
const verifyClient = ({ req }, decide) => decide(mayEnter(req.headers.origin), 403, 'origin not allowed');
const hub = new WebSocketServer({ server, path: '/ws', maxPayload: 65_536, verifyClient });
hub.on('connection', (ws) => {
  const client = { ws, queue: [], isSending: false, isEvicted: false };
  clients.add(client);
  ws.on('close', () => clients.delete(client)).on('error', () => {}); // a protocol error also closes
});
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  const at = `127.0.0.1:${server.address().port}`;
  process.stdout.write(`{"ready":true,"url":"ws://${at}/ws","broadcastUrl":"http://${at}/broadcast"}\n`);
});
process.on('SIGTERM', () => {
  server.close();
  for (const ws of hub.clients) ws.close(1001, 'going away');
  setTimeout(() => process.exit(0), 500);
});
// So that a killed parent leaves no hub behind.
if (process.env.NORN_EXIT_WITH_STDIN === '1') process.stdin.resume().on('end', () => process.exit(0));
