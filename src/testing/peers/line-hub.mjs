// A hub for the tests of the stdio adapter: WebSocket clients on a free port, JSON lines on stdin, and the answers
// deliberately out of order (stats are answered late).
import { createInterface } from 'node:readline';
import { WebSocketServer } from 'ws';

const hub = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/ws' });
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
hub.on('listening', () => {
  process.stdout.write('starting up\n{"level":"info","msg":"listening"}\n');
  print({ url: `ws://127.0.0.1:${hub.address().port}/ws` });
});
const operations = {
  broadcast({ id, events }) {
    for (const event of events) for (const client of hub.clients) client.send(JSON.stringify(event));
    print({ id, ok: true, accepted: events.length });
  },
  stats({ id }) {
    setTimeout(() => print({ id, ok: true, clients: hub.clients.size }), 50);
  },
  shutdown({ id }) {
    print({ id, ok: true });
    for (const client of hub.clients) client.close(1001);
    setTimeout(() => process.exit(0), 100);
  },
};
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const request = JSON.parse(line);
    const run = operations[request.op] ?? (({ id }) => print({ id, error: 'unsupported' }));
    run(request);
  })
  .on('close', () => process.exit(0));
