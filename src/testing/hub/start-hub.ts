// Starts the hookable hub on a port of 127.0.0.1 and stops it.
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createRandom } from '../../kit/random.ts';
import {
  BROADCAST_BUFFER_EVENTS,
  CLIENT_BUFFER_MESSAGES,
  DEFAULT_ALLOWED_ORIGINS,
  WEBSOCKET_PATH,
} from '../../protocol/limits.ts';
import { systemClock } from '../../time/clock.ts';
import { createCorrectHooks } from './correct-hooks.ts';
import { createHookableHub, type HookableHub, type HubOptions } from './hookable-hub.ts';
import { handleRequest } from './http-routes.ts';
import type { HubChange } from './hub-hooks.ts';

export interface StartOptions extends Partial<HubOptions> {
  /** 0 = any free port. */
  readonly port?: number;
  /** Extra to the protocol's two defaults. */
  readonly extraOrigins?: readonly string[];
  readonly seed?: number;
  /** Runs before HTTP. */
  readonly gate?: ConnectionGate | undefined;
}

/** Gets every TCP connection first. True: it handles the connection, and HTTP starts only when `speakHttp` is called. */
export type ConnectionGate = (socket: Socket, speakHttp: () => void) => boolean;

export interface RunningHub {
  readonly url: string;
  readonly broadcastUrl: string;
  readonly port: number;
  /** The hub itself, for tests that read its state. */
  readonly hub: HookableHub;
  /** What the hub does on SIGTERM; resolves when every client is gone. */
  stop(): Promise<void>;
  /** Ends everything at once. Safe to call twice. */
  close(): Promise<void>;
}

/** Starts a hub whose hooks `change` replaces; without it the hub is correct. */
export async function startHub(
  change: HubChange<HookableHub> | undefined,
  options: StartOptions = {},
): Promise<RunningHub> {
  const sockets = new Set<Socket>();
  const server = createServer();
  const httpListeners = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  const dieHere = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  const hub = createHookableHub(resolveOptions(options, dieHere), createCorrectHooks, change);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const speak = (): void => {
      for (const listener of httpListeners) listener.call(server, socket);
    };
    if (options.gate?.(socket, speak) !== true) hub.hooks.onConnection(socket, speak);
  });
  server.on('upgrade', (request, socket, head) => hub.hooks.handleUpgrade(request, socket, head));
  server.on('request', (request, response) => {
    handleRequest(hub, request, response).catch(() => response.destroy());
  });
  const port = await listen(server, options.port ?? 0);
  return {
    url: `ws://127.0.0.1:${port}${WEBSOCKET_PATH}`,
    broadcastUrl: `http://127.0.0.1:${port}/broadcast`,
    port,
    hub,
    async stop() {
      hub.isStopping = true;
      if (!hub.hooks.listensAfterStop) server.close();
      await hub.hooks.stop();
      server.closeAllConnections();
    },
    async close() {
      hub.isStopping = true;
      const closed = new Promise<void>((resume) => server.close(() => resume()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function resolveOptions(options: StartOptions, dieHere: () => void): HubOptions {
  return {
    clientBufferMessages: CLIENT_BUFFER_MESSAGES,
    broadcastBufferEvents: BROADCAST_BUFFER_EVENTS,
    evictionGraceMillis: 1_000,
    pingIntervalMillis: 30_000,
    clock: systemClock,
    random: createRandom(options.seed ?? 1).next,
    stateFile: options.stateFile,
    onCrash: dieHere,
    ...options,
    allowedOrigins: [...(options.allowedOrigins ?? DEFAULT_ALLOWED_ORIGINS), ...(options.extraOrigins ?? [])],
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resume, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resume((server.address() as AddressInfo).port));
  });
}
