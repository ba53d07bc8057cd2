// Forwards TCP connections of clients to a hub, under conditions that may change. A connection that ends or is reset at one
// side ends the same way at the other.
import { createServer, type NetConnectOpts, type Server, Socket } from 'node:net';
import type { Clock } from '../../time/clock.ts';
import { type NetworkConditions, USUAL_CONDITIONS } from './conditions.ts';
import { Flow, type FlowSink } from './flow.ts';

export interface Forwarder {
  /** Resolves with the port on 127.0.0.1. */
  listen(): Promise<number>;
  /** Where the hub is, for connections from now on. */
  forwardTo(upstream: NetConnectOpts): void;
  change(conditions: NetworkConditions): void;
  close(): void;
}

export function createForwarder(clock: Clock): Forwarder {
  let upstream: NetConnectOpts | undefined;
  let conditions = USUAL_CONDITIONS;
  const connections = new Set<Connection>();
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (upstream === undefined) client.destroy();
    else {
      const connection = createConnection(client, upstream, clock, () => conditions);
      connections.add(connection);
      connection.whenOver(() => connections.delete(connection));
    }
  });
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 }, () => {
          const address = server.address();
          resolve(typeof address === 'object' && address !== null ? address.port : 0);
        });
      }),
    forwardTo(where) {
      upstream = where;
    },
    change(changed) {
      conditions = changed;
      for (const connection of connections) connection.changed();
    },
    close() {
      server.close();
      for (const connection of connections) connection.close();
    },
  };
}

interface Connection {
  changed(): void;
  whenOver(onOver: () => void): void;
  close(): void;
}

function createConnection(
  client: Socket,
  upstream: NetConnectOpts,
  clock: Clock,
  conditions: () => NetworkConditions,
): Connection {
  const hub = new Socket({ allowHalfOpen: true });
  const toHub = new Flow(client, sinkOf(hub), clock, conditions);
  const toClient = new Flow(hub, sinkOf(client), clock, conditions);
  let isDialed = false;
  let onOver = () => {};
  feed(client, toHub, toClient);
  feed(hub, toClient, toHub);
  toClient.drained();
  hub.once('connect', () => {
    hub.setNoDelay(true);
    toHub.drained();
  });
  for (const socket of [client, hub])
    socket.once('close', () => {
      if (client.destroyed && hub.destroyed) over();
    });

  function over(): void {
    toHub.close();
    toClient.close();
    onOver();
  }

  /** A network that is partitioned lets nobody in; the connection is made when it is not any more. */
  function dial(): void {
    if (isDialed || conditions().isPartitioned) return;
    isDialed = true;
    hub.connect(upstream);
  }
  dial();
  return {
    changed() {
      dial();
      toHub.pump();
      toClient.pump();
    },
    whenOver(listener) {
      onOver = listener;
    },
    close() {
      client.destroy();
      hub.destroy();
    },
  };
}

/** What comes from the socket goes into `out`; the socket takes what comes from `back`. */
function feed(socket: Socket, out: Flow, back: Flow): void {
  socket.on('data', (bytes) => out.take(bytes as Buffer));
  socket.once('end', () => out.take('end'));
  socket.once('error', () => out.take('reset'));
  socket.on('drain', () => back.drained());
}

function sinkOf(socket: Socket): FlowSink {
  return {
    write: (bytes) => socket.destroyed || socket.write(bytes),
    end: () => void socket.end(),
    reset() {
      // A Unix socket has no reset.
      if (socket.remoteFamily === undefined) socket.destroy();
      else socket.resetAndDestroy();
    },
  };
}
