// What a hub can be told, and what it does when it is not told.
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
  /** Demanded of POST /broadcast as `Authorization: Bearer …` when given. */
  readonly broadcastToken?: string;
  /**
   * An HTTP server to hang on instead of one of the hub's own: /ws, /broadcast, /healthz, /stats and /metrics become
   * the hub's, every other path stays with the listeners the server has by now.
   */
  readonly server?: Server;
  readonly clock?: Clock;
  readonly logger?: Logger;
}
