// The options of a hub and their defaults.
import type { Server } from 'node:http';
import type { Clock } from '../time/clock.ts';
import type { Logger } from './logger.ts';

export interface HubOptions {
  /** Origins allowed besides the two defaults and local hosts; exact strings. */
  readonly allowedOrigins?: readonly string[];
  /** Messages buffered for each client besides the one in flight; 1 or more. Default 64. */
  readonly clientBufferMessages?: number;
  /** Events buffered between producers and the run loop; 1 or more. Default 256. */
  readonly broadcastBufferEvents?: number;
  /** How long an evicted client's queue may still drain, in milliseconds. Default 1,000. */
  readonly evictionGraceMillis?: number;
  /** Milliseconds between pings, 0 for none; a client is gone after two without an answer. Default 30,000. */
  readonly pingIntervalMillis?: number;
  /** When given, POST /broadcast requires it as `Authorization: Bearer …`. */
  readonly broadcastToken?: string;
  /**
   * An HTTP server to attach to instead of one of the hub's own. The hub takes /ws, /broadcast, /healthz, /stats and
   * /metrics; every other path stays with the server's existing listeners.
   */
  readonly server?: Server;
  readonly clock?: Clock;
  readonly logger?: Logger;
}
