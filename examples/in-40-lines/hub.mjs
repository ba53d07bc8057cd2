// The least that the kit can drive, on ws: events come as lines on stdin. Slow clients: see ../node-ws.
import { createInterface } from 'node:readline';
import { WebSocketServer } from 'ws';

const hub = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/ws' });
hub.on('listening', () => print({ ready: true, url: `ws://127.0.0.1:${hub.address().port}/ws` }));
hub.on('connection', (client) => client.on('error', () => {}));

const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const requests = createInterface({ input: process.stdin });
requests.on('line', (line) => {
  const { id, op, events } = JSON.parse(line);
  if (op === 'stats') return print({ id, ok: true, clients: hub.clients.size });
  if (op !== 'broadcast') return print({ id, error: 'unsupported' });
  for (const event of events) for (const client of hub.clients) client.send(JSON.stringify(event));
  print({ id, ok: true, accepted: events.length });
});
requests.on('close', () => process.exit(0));
