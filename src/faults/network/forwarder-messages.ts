// What the coordinator and a forwarder say to each other.
import type { NetConnectOpts } from 'node:net';
import type { MeasuredHealth } from '../../kit/process-health.ts';
import type { NetworkConditions } from './conditions.ts';

export type ToForwarder =
  | { readonly kind: 'forward'; readonly upstream: NetConnectOpts }
  | { readonly kind: 'change'; readonly number: number; readonly conditions: NetworkConditions }
  /** What was so far does not count. */
  | { readonly kind: 'measure' }
  | { readonly kind: 'read-health'; readonly number: number };

export type FromForwarder =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'failed'; readonly problem: string }
  /** Answers the message of that number. */
  | { readonly kind: 'done'; readonly number: number; readonly health?: MeasuredHealth };
