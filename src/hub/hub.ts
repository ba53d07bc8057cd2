// The reference hub: the core state machine with sockets, a run loop and an HTTP server. `createHub` attaches to an
// existing server or creates its own.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { requireOptions } from '../kit/option-rules.ts';
import type { Envelope } from '../protocol/envelope.ts';
import { validateEnvelope } from '../protocol/envelope-validation.ts';
import { DEFAULT_ALLOWED_ORIGINS } from '../protocol/limits.ts';
import { type Clock, systemClock } from '../time/clock.ts';
import { untilSettled } from '../time/deadline.ts';
import { encodeServerText } from '../wire/frame-writer.ts';
import { CLOSE_LINGER_MILLIS, ClientConnection } from './client/client-connection.ts';
import { createDeferredQueue } from './client/deferred-writes.ts';
import { createKeepalive } from './client/keepalive.ts';
import type { SocketPort } from './client/socket-port.ts';
import { hasUnsentBytes } from './client/unsent-bytes.ts';
import { HubCore } from './core/core.ts';
import { createRunLoop } from './core/run-loop.ts';
import type { Departure } from './departure.ts';
import { createEvictionLog } from './eviction-log.ts';
import { createRefusedConnections, limitConnections } from './http/connection-limit.ts';
import { attachTo, createOwnServer } from './http/http-attachment.ts';
import { handleRequest, type RouteContext } from './http/http-routes.ts';
import { createHubMetrics, type HubStats } from './http/metrics.ts';
import { findRefusal, refuseUpgrade, settleOffer } from './http/upgrade/upgrade.ts';
import { addressesOf, type HubAddresses } from './hub-addresses.ts';
import { HUB_RULES, type HubOptions } from './hub-options.ts';
import { SILENT_LOGGER } from './logger.ts';

/** The largest message a client may send (Close 1009 beyond). */
const MAX_CLIENT_MESSAGE_BYTES = 64 * 1024;
/** Deferred writes, and sockets destroyed, per turn of the event loop; a write to a tiny window takes 40 us, an end 30. */
const DEFERRED_WRITES_PER_TURN = 16;
const ENDS_PER_TURN = 16;
/** What a stop may take: flushing the broadcast queue, requests that are under way, and all up to the last socket. */
const STOP_FLUSH_MILLIS = 1_500;
const STOP_REQUESTS_MILLIS = 1_500;
const STOP_MILLIS = 4_500;

export interface Hub {
  /**
   * Resolves when the hub has accepted the event; waits while the broadcast queue is full. Never drops one. Rejects
   * for a value that is not an envelope, and once the hub is stopping.
   */
  publish(event: Envelope): Promise<void>;
  stats(): HubStats;
  /**
   * Listens on the hub's server, on a TCP port or on a Unix socket with this path; resolves with the addresses for clients
   * and producers. Rejects as `server.listen` does.
   */
  listen(portOrPath: number | string, host?: string): Promise<HubAddresses>;
  /**
   * No new clients, queue flushed, Close 1001 to all; resolves when every socket is closed, within 5 s. A server that
   * was passed in keeps running.
   */
  stop(): Promise<void>;
}

/**
 * The reference hub, on `options.server` or on a server of its own that `listen` starts.
 *
 * @throws {KitError} `BAD_OPTION`.
 * @example
 * const hub = createHub({ clientBufferMessages: 8 });
 * const { url } = await hub.listen(0);
 * await hub.publish({ type: 'deploy.progress', appId: 'shop', payload: { sagaId: '1', message: 'half way' } });
 * await hub.stop();
 */
export function createHub(options: HubOptions = {}): Hub {
  requireOptions(options, HUB_RULES);
  const clock: Clock = options.clock ?? systemClock;
  const logger = options.logger ?? SILENT_LOGGER;
  const allowedOrigins = [...DEFAULT_ALLOWED_ORIGINS, ...(options.allowedOrigins ?? [])];
  const core = new HubCore(options);
  const deferredWrites = createDeferredQueue<SocketPort>(DEFERRED_WRITES_PER_TURN, (port) =>
    port.writeDeferred(),
  );
  const runLoop = createRunLoop(core, clock, deferredWrites);
  const connections = new Set<ClientConnection>();
  const metrics = createHubMetrics(core, () => sumDeliveries(connections));
  const evictionLog = createEvictionLog(logger, clock);
  const refusedConnections = createRefusedConnections(logger, clock);
  const compression = options.compression ?? false;
  const webSockets = new WebSocketServer({
    ...WEB_SOCKET_OPTIONS,
    perMessageDeflate: compression && SHARED_FRAMES,
  });
  const keepalive = createKeepalive(connections, options.pingIntervalMillis ?? 30_000, clock);
  const evictionGraceMillis = options.evictionGraceMillis ?? 1_000;
  const endings = createDeferredQueue<Socket>(ENDS_PER_TURN, (socket) => socket.destroy());
  const connectionContext = { core, clock, evictionGraceMillis, deferredWrites, endings, onDeparture };
  const handlers = {
    request: (request: IncomingMessage, response: Parameters<typeof handleRequest>[1]) =>
      void handleRequest(request, response, routes),
    upgrade: onUpgrade,
  };
  const attachment = options.server
    ? attachTo(options.server, handlers)
    : createOwnServer(handlers, options.tls);
  const { server } = attachment;
  if (server.listening) noteUnsentBytes();
  else server.once('listening', noteUnsentBytes);
  let stopped: Promise<void> | undefined;
  const routes: RouteContext = {
    clock,
    allowedOrigins,
    broadcastToken: options.broadcastToken,
    isStopping: () => stopped !== undefined,
    publish: publishFrames,
    stats: metrics.stats,
    metrics: metrics.render,
    onRefusedOrigin,
    onError: (error) => logger.warn(`a request failed: ${error.stack ?? error.message}`),
    held: { bytes: 0 },
  };

  function onUpgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const refusal = findRefusal(request, allowedOrigins, stopped !== undefined);
    if (refusal) {
      if (refusal.status === 403) onRefusedOrigin();
      refuseUpgrade(socket, refusal, clock);
      return;
    }
    if (compression) settleOffer(request);
    // ws writes the 101 and calls back in the same turn: no event can be accepted in between, so a client that has
    // seen the 101 is in the set.
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      metrics.connections += 1;
      const connection = new ClientConnection(webSocket, socket, connectionContext);
      connections.add(connection);
      socket.on('close', () => {
        metrics.pastDeliveries += connection.deliveredMessages;
        connections.delete(connection);
      });
    });
  }

  function noteUnsentBytes(): void {
    metrics.hasUnsentBytes = hasUnsentBytes(server);
    if (metrics.hasUnsentBytes) return;
    logger.warn(
      'this runtime does not show how much of a write the kernel has taken: ' +
        'a whole write counts as outstanding until it is done, so slow clients are evicted up to one write early',
    );
  }

  function onRefusedOrigin(): void {
    metrics.refusedOrigins += 1;
  }

  function onDeparture(connection: ClientConnection, departure: Departure): void {
    metrics.departures[departure] = (metrics.departures[departure] ?? 0) + 1;
    if (departure === 'slow consumer') evictionLog.add(connection.outstandingMessages);
  }

  function publishFrames(frames: readonly Buffer[]): Promise<void> {
    return new Promise((resolve) => {
      core.publish(frames, resolve);
      runLoop.wake();
    });
  }

  async function publish(event: Envelope): Promise<void> {
    const verdict = validateEnvelope(event);
    if (!verdict.ok) throw new TypeError(`not an envelope: ${verdict.problem}`);
    if (stopped) throw new Error('the hub is stopping');
    await publishFrames([encodeServerText(Buffer.from(JSON.stringify(event)))]);
  }

  async function listen(portOrPath: number | string, host = '127.0.0.1'): Promise<HubAddresses> {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      const place = typeof portOrPath === 'string' ? { path: portOrPath } : { port: portOrPath, host };
      server.listen({ ...place, backlog: 4_096 }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    // Accepting can fail later, when descriptors run out: connected clients are still served.
    server.on('error', (error) => refusedConnections.add(error.message));
    if (attachment.isOwn) limitConnections(server, refusedConnections);
    return addressesOf(server.address(), host, options.tls !== undefined && attachment.isOwn);
  }

  async function runStop(): Promise<void> {
    keepalive.close();
    const closing = attachment.isOwn ? closeServer() : undefined;
    const finalTimer = clock.after(STOP_MILLIS, () => {
      for (const connection of connections) connection.terminate();
    });
    await untilSettled(clock, runLoop.drained(), STOP_FLUSH_MILLIS);
    closing?.cutAfter(STOP_REQUESTS_MILLIS);
    const gone = [...connections].map((connection) => connection.stop());
    await Promise.all([closing?.closed, ...gone]);
    attachment.detach();
    server.off('listening', noteUnsentBytes);
    finalTimer.cancel();
    evictionLog.close();
    refusedConnections.close();
    metrics.close();
  }

  function closeServer() {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    return {
      closed,
      /** Requests that are not complete by then are cut. */
      cutAfter(millis: number): void {
        const cut = clock.after(millis, () => server.closeAllConnections());
        void closed.then(() => cut.cancel());
      },
    };
  }

  return {
    publish,
    stats: metrics.stats,
    listen,
    stop() {
      stopped ??= Promise.resolve().then(runStop);
      return stopped;
    },
  };
}

const WEB_SOCKET_OPTIONS = {
  noServer: true,
  maxPayload: MAX_CLIENT_MESSAGE_BYTES,
  // The protocol has no subprotocol: the hub agrees to none, whatever is offered.
  handleProtocols: () => false as const,
  // Pongs are bounded by pong-queue.ts.
  autoPong: false,
  clientTracking: false,
  closeTimeout: CLOSE_LINGER_MILLIS,
};

/** Nobody's messages refer to earlier ones: events are compressed once for all, and a client that only listens needs no window. */
const SHARED_FRAMES = { serverNoContextTakeover: true, clientNoContextTakeover: true };

function sumDeliveries(connections: ReadonlySet<ClientConnection>): number {
  let total = 0;
  for (const connection of connections) total += connection.deliveredMessages;
  return total;
}
