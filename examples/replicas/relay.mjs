// Several hubs that share no broker behind one route: node relay.mjs --port PORT BROADCAST_URL ...
// What a producer posts here goes to every hub, one event after the other, so that all have one order. It is taken when all have
// taken it; what one refuses is refused, though others may have delivered it. A login is passed on.
import { Agent, createServer, request } from 'node:http';
import { parseArgs } from 'node:util';

const { values, positionals: hubs } = parseArgs({
  options: { port: { type: 'string', default: '0' } },
  allowPositionals: true,
});
const agent = new Agent({ keepAlive: true });

function post(url, body, { authorization }) {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    if (authorization) headers.authorization = authorization;
    const asked = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    asked.on('error', () => resolve(502)).end(body);
  });
}

let last = Promise.resolve();
function publish(body, headers) {
  last = last.then(async () => {
    const statuses = await Promise.all(hubs.map((url) => post(url, body, headers)));
    return statuses.find((status) => status >= 300) ?? statuses[0] ?? 503;
  });
  return last;
}

const server = createServer(async (incoming, response) => {
  if (incoming.method !== 'POST') return response.writeHead(405).end();
  const body = Buffer.concat(await incoming.toArray());
  return response.writeHead(await publish(body, incoming.headers)).end();
});
server.listen(Number(values.port), '127.0.0.1', () => {
  process.stdout.write(
    `relaying http://127.0.0.1:${server.address().port}/broadcast to ${hubs.length} hubs\n`,
  );
});
