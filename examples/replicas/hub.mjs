// One of several replicas of a hub: node hub.mjs --nats HOST:PORT [--port PORT] [--subject NAME] [--forget]
// What a producer posts to one replica goes to the broker, and each replica delivers what comes from the broker, its own events
// among them: one order for each producer. With --forget it delivers at once and passes nothing on: the bug to look for.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';
import { joinSubject } from './nats.mjs';

const { values } = parseArgs({
  options: {
    nats: { type: 'string', default: '127.0.0.1:4222' },
    port: { type: 'string', default: '0' },
    subject: { type: 'string', default: 'events' },
    forget: { type: 'boolean', default: false },
  },
});
const LOCAL = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d*)?$/;
const mayEnter = (origin = '') => origin === '' || LOCAL.test(origin);
/** A NATS server takes 1 MiB by default. */
const MOST_BYTES = 1_000_000;
const clients = new Set();

// One message is in flight, 64 are queued, the next evicts, as in ../node-ws/hub.mjs.
function deliver(text) {
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

const broker = await joinSubject(values.nats, values.subject, deliver);
const publish = values.forget ? async (text) => deliver(text) : broker.publish;

async function answer(request) {
  if (request.method !== 'POST' || request.url !== '/broadcast') return 404;
  if (!mayEnter(request.headers.origin)) return 403;
  if (!request.headers['content-type']?.startsWith('application/json')) return 415;
  const text = (await request.setEncoding('utf8').toArray()).join('');
  if (Buffer.byteLength(text) > MOST_BYTES) return 413;
  const { type, appId, payload } = JSON.parse(text);
  if (typeof type !== 'string' || typeof appId !== 'string' || typeof payload !== 'object') return 400;
  await publish(text);
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
server.listen(Number(values.port), '127.0.0.1', () => {
  const at = `127.0.0.1:${server.address().port}`;
  process.stdout.write(`{"ready":true,"url":"ws://${at}/ws","broadcastUrl":"http://${at}/broadcast"}\n`);
});
// Without its broker a replica would keep events from its clients: better that they connect to another.
broker.lost.then((why) => {
  process.stderr.write(`${why}\n`);
  process.exit(1);
});
process.on('SIGTERM', () => {
  server.close();
  for (const ws of hub.clients) ws.close(1001, 'going away');
  setTimeout(() => process.exit(0), 500);
});
// So that a killed parent leaves no hub behind.
if (process.env.NORN_EXIT_WITH_STDIN === '1') process.stdin.resume().on('end', () => process.exit(0));
