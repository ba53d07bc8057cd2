// A correct hub on `ws` that compresses, for the tests of clients that offer it: `deflate-hub.mjs takeover`, where each
// client has a context of its own, or `deflate-hub.mjs no-takeover`. It counts what waits for each client and ends one
// for which more than the buffer waits. `corrupt=N` gives the Nth compressed message of every client a
// block type that DEFLATE does not have.
import { createInterface } from 'node:readline';
import { WebSocketServer } from 'ws';

const BUFFER_MESSAGES = 64;
const ORIGINS = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
const [manner, ...rest] = process.argv.slice(2);
const corrupt = Number(rest.find((one) => one.startsWith('corrupt='))?.slice('corrupt='.length) ?? 0);
const hub = new WebSocketServer({
  port: 0,
  host: '127.0.0.1',
  path: '/ws',
  verifyClient: ({ origin }) => origin === undefined || ORIGINS.test(origin),
  perMessageDeflate: { serverNoContextTakeover: manner === 'no-takeover', threshold: 64 },
});
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
hub.on('listening', () => print({ url: `ws://127.0.0.1:${hub.address().port}/ws` }));
hub.on('connection', (client) => {
  client.waiting = 0;
  client.on('error', () => {});
  if (corrupt > 0) corruptMessage(client);
});

/** Below ws, so that what was compressed is changed. */
function corruptMessage(client) {
  const [deflate] = Object.values(client._extensions);
  if (deflate === undefined) return;
  const compress = deflate.compress.bind(deflate);
  let count = 0;
  deflate.compress = (data, fin, callback) =>
    compress(data, fin, (error, result) => {
      if (++count === corrupt && result) result[0] |= 0x06;
      callback(error, result);
    });
}

function send(client, text) {
  if (client.waiting > BUFFER_MESSAGES) {
    client.terminate();
    return;
  }
  client.waiting++;
  client.send(text, () => client.waiting--);
}

const operations = {
  async broadcast({ id, events }) {
    for (const event of events) {
      const text = JSON.stringify(event);
      for (const client of hub.clients) if (client.readyState === client.OPEN) send(client, text);
      // Healthy readers get their turn before the next event.
      for (let turn = 0; turn < 20 && [...hub.clients].some(({ waiting }) => waiting > 8); turn++)
        await new Promise((resolve) => setImmediate(resolve));
    }
    print({ id, ok: true, accepted: events.length });
  },
  stats({ id }) {
    print({ id, ok: true, clients: hub.clients.size });
  },
  shutdown({ id }) {
    print({ id, ok: true });
    process.exit(0);
  },
};
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const request = JSON.parse(line);
    const run = operations[request.op] ?? (({ id }) => print({ id, error: 'unsupported' }));
    void run(request);
  })
  .on('close', () => process.exit(0));
