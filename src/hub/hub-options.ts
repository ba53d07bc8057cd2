// The options of a hub, their defaults, and what each may be.
import type { Server } from 'node:http';
import {
  NON_EMPTY_TEXT,
  numberFrom,
  type OptionRule,
  type OptionRules,
  objectWith,
  TEXTS,
  TRUE_OR_FALSE,
  wholeNumber,
} from '../kit/option-rules.ts';
import type { Clock } from '../time/clock.ts';
import type { Logger } from './logger.ts';

export interface HubTls {
  readonly cert: string;
  readonly key: string;
  readonly passphrase?: string;
}

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
  /** Agrees to permessage-deflate (RFC 7692): one compressed frame for each event, shared by all who agree. Default false. */
  readonly compression?: boolean;
  /** When given, POST /broadcast requires it as `Authorization: Bearer …`. */
  readonly broadcastToken?: string;
  /**
   * An HTTP server to attach to instead of one of the hub's own. The hub takes /ws, /broadcast, /healthz, /stats and
   * /metrics; every other path stays with the server's existing listeners.
   */
  readonly server?: Server;
  /** Serves TLS: the certificate and its key as PEM texts. Not with `server`, which has its own. */
  readonly tls?: HubTls;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

const DAY_MILLIS = 24 * 3_600_000;

const TLS_RULE: OptionRule = {
  expected: 'an object with cert and key, each a PEM text',
  accepts: (value) => {
    const { cert, key } = (value ?? {}) as Record<string, unknown>;
    return NON_EMPTY_TEXT.accepts(cert) && NON_EMPTY_TEXT.accepts(key);
  },
};

export const HUB_RULES: OptionRules<HubOptions> = {
  allowedOrigins: TEXTS,
  clientBufferMessages: wholeNumber(1, 1_000_000),
  broadcastBufferEvents: wholeNumber(1, 1_000_000),
  evictionGraceMillis: numberFrom(0, DAY_MILLIS),
  pingIntervalMillis: numberFrom(0, DAY_MILLIS),
  compression: TRUE_OR_FALSE,
  broadcastToken: NON_EMPTY_TEXT,
  server: objectWith('an http.Server', ['listen', 'on']),
  tls: TLS_RULE,
  clock: objectWith('a Clock', ['nowMicros', 'wallMillis', 'after']),
  logger: objectWith('a Logger, with info and warn', ['info', 'warn']),
};
