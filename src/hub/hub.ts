// The reference hub: the core state machine, given sockets, a run loop and an HTTP server. `createHub` attaches to a
// server of yours or makes its own.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Envelope } from '../protocol/envelope.ts';
import { DEFAULT_ALLOWED_ORIGINS, WEBSOCKET_PATH } from '../protocol/limits.ts';
import { type Clock, systemClock, type Timer } from '../time/clock.ts';
import { encodeServerText } from '../wire/frame-writer.ts';
import { CLOSE_LINGER_MILLIS, ClientConnection, type Departure } from './client-connection.ts';
import { HubCore } from './core.ts';
import { handleRequest } from './http-routes.ts';
import type { HubOptions } from './hub-options.ts';
import { SILENT_LOGGER } from './logger.ts';
import { createHubMetrics, type HubStats } from './metrics.ts';
import { findRefusal, refuseUpgrade } from './upgrade.ts';

/** The largest message a client may send (Close 1009 beyond). */
export const MAX_CLIENT_MESSAGE_BYTES = 64 * 1024;
/** A pause of the run loop while some client is crowded: at most one for each turn of 32 events. */
const CROWDED_PAUSE_MILLIS = 1;

export interface Hub {
  /** Resolves when the hub has accepted the event; waits while the broadcast queue is full. Never drops one. */
  publish(event: Envelope): Promise<void>;
  stats(): HubStats;
  /** Listens with a server of its own; answers where clients and producers connect. */
  listen(port: number, host?: string): Promise<{ readonly url: string; readonly broadcastUrl: string }>;
  /** No new clients, queue flushed, Close 1001 to all; resolves when every socket is gone, within 5 s. */
  stop(): Promise<void>;
}

/** A hub on `server`, or on one of its own that `listen` starts. */
export function createHub(options: HubOptions = {}, server: Server = createServer()): Hub {
  const clock: Clock = options.clock ?? systemClock;
  const logger = options.logger ?? SILENT_LOGGER;
  const allowedOrigins = [...DEFAULT_ALLOWED_ORIGINS, ...(options.allowedOrigins ?? [])];
  const core = new HubCore(options);
  const connections = new Set<ClientConnection>();
  const metrics = createHubMetrics(core, () => sumDeliveries(connections));
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_CLIENT_MESSAGE_BYTES,
    perMessageDeflate: false,
    autoPong: false,
    clientTracking: false,
    // Known to ws, not yet to its types.
    ...{ closeTimeout: CLOSE_LINGER_MILLIS },
  });
  let isStopping = false;
  let isTurning = false;
  let pingTimer: Timer | undefined;

  // A client that dribbles its request does not hold a socket for ever.
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.on('upgrade', onUpgrade);
  server.on('request', (request, response) => {
    void handleRequest(request, response, {
      allowedOrigins,
      broadcastToken: options.broadcastToken,
      isStopping: () => isStopping,
      publish: publishFrames,
      stats: metrics.stats,
      metrics: metrics.render,
    });
  });
  const pingIntervalMillis = options.pingIntervalMillis ?? 30_000;
  if (pingIntervalMillis > 0) schedulePings();

  function onUpgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const refusal = findRefusal(request, allowedOrigins, isStopping);
    if (refusal) {
      if (refusal.cause === 'origin') metrics.refusedOrigins += 1;
      refuseUpgrade(socket, refusal);
      return;
    }
    // ws writes the 101 and calls back in the same turn: no event can come between, so whoever has seen the 101 is
    // in the set.
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      metrics.connections += 1;
      const context = { core, clock, evictionGraceMillis: options.evictionGraceMillis ?? 1_000, onDeparture };
      const connection = new ClientConnection(webSocket, socket, context);
      connections.add(connection);
      socket.on('close', () => {
        metrics.pastDeliveries += connection.deliveredMessages;
        connections.delete(connection);
      });
    });
  }

  function onDeparture(connection: ClientConnection, departure: Departure): void {
    metrics.departures[departure] = (metrics.departures[departure] ?? 0) + 1;
    if (departure === 'slow consumer') {
      logger.info(`evicted a slow client with ${connection.outstandingMessages} messages outstanding`);
    }
  }

  function publishFrames(frames: readonly Buffer[]): Promise<void> {
    return new Promise((resolve) => {
      core.publish(frames, resolve);
      wake();
    });
  }

  function wake(): void {
    if (isTurning) return;
    isTurning = true;
    setImmediate(runTurn);
  }

  /** One turn, then back to the event loop, so that sockets drain and producers are heard between turns. */
  function runTurn(): void {
    isTurning = core.turn();
    if (!isTurning) return;
    if (core.hasCrowdedMember()) clock.after(CROWDED_PAUSE_MILLIS, runTurn);
    else setImmediate(runTurn);
  }

  function schedulePings(): void {
    pingTimer = clock.after(pingIntervalMillis, () => {
      for (const connection of connections) connection.checkAlive();
      schedulePings();
    });
  }

  async function listen(port: number, host = '127.0.0.1'): Promise<{ url: string; broadcastUrl: string }> {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host, backlog: 4_096 }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const { port: actualPort } = server.address() as AddressInfo;
    const authority = `${host.includes(':') ? `[${host}]` : host}:${actualPort}`;
    return { url: `ws://${authority}${WEBSOCKET_PATH}`, broadcastUrl: `http://${authority}/broadcast` };
  }

  async function stop(): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    pingTimer?.cancel();
    server.off('upgrade', onUpgrade);
    server.on('upgrade', (_request, socket: Socket) =>
      refuseUpgrade(socket, { status: 503, reason: 'the hub is stopping', cause: 'stopping' }),
    );
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    while (core.turn()) await new Promise((resolve) => setImmediate(resolve));
    for (const connection of connections) connection.stop();
    server.closeIdleConnections();
    const lastWord = clock.after(4_000, () => {
      for (const connection of connections) connection.terminate();
      server.closeAllConnections();
    });
    await closed;
    lastWord.cancel();
    metrics.close();
  }

  return {
    publish: (event) => publishFrames([encodeServerText(Buffer.from(JSON.stringify(event)))]),
    stats: metrics.stats,
    listen,
    stop,
  };
}

function sumDeliveries(connections: ReadonlySet<ClientConnection>): number {
  let total = 0;
  for (const connection of connections) total += connection.deliveredMessages;
  return total;
}
