// How a hub hangs on an HTTP server: a server of its own answers everything, a server of the user's keeps every path
// that is not the hub's, also for upgrades.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { HubTls } from '../hub-options.ts';
import { HUB_PATHS } from './http-routes.ts';
import { requestPath } from './request-line.ts';

export interface HubHandlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void;
}

export interface Attachment {
  readonly server: Server;
  /** Whether the hub made the server, and so ends it. */
  readonly isOwn: boolean;
  /** Gives the user's server back as it was. */
  detach(): void;
}

/** A server that a client cannot hold: one that dribbles its request is cut off. */
export function createOwnServer(handlers: HubHandlers, tls?: HubTls): Attachment {
  const options = {
    headersTimeout: 10_000,
    requestTimeout: 60_000,
    connectionsCheckingInterval: 1_000,
    noDelay: true,
  };
  const server = tls ? createTlsServer({ ...options, ...tls }) : createServer(options);
  server.on('request', handlers.request);
  server.on('upgrade', handlers.upgrade);
  return { server, isOwn: true, detach() {} };
}

/** Takes the hub's paths of `server` and leaves everything else to the listeners it has. */
export function attachTo(server: Server, handlers: HubHandlers): Attachment {
  const others = {
    request: server.listeners('request') as HubHandlers['request'][],
    upgrade: server.listeners('upgrade') as HubHandlers['upgrade'][],
  };
  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    if (HUB_PATHS.has(requestPath(request)) || others.request.length === 0) {
      handlers.request(request, response);
      return;
    }
    for (const listener of others.request) listener.call(server, request, response);
  }
  function onUpgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    if (HUB_PATHS.has(requestPath(request)) || others.upgrade.length === 0) {
      handlers.upgrade(request, socket, head);
      return;
    }
    for (const listener of others.upgrade) listener.call(server, request, socket, head);
  }
  server.removeAllListeners('request').on('request', onRequest);
  server.removeAllListeners('upgrade').on('upgrade', onUpgrade);
  return {
    server,
    isOwn: false,
    detach() {
      server.off('request', onRequest).off('upgrade', onUpgrade);
      for (const listener of others.request) server.on('request', listener);
      for (const listener of others.upgrade) server.on('upgrade', listener);
    },
  };
}
