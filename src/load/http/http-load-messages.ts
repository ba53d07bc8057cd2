// What the coordinator and the HTTP load process say to each other: plain data over the IPC channel.
import type { HttpOutcome } from '../result/parts/http.ts';
import type { HttpLoadOptions } from './http-load.ts';

export type ToHttpLoad =
  | { readonly kind: 'start'; readonly options: Omit<HttpLoadOptions, 'clock' | 'signal'> }
  /** Ends the load early; the outcomes until then follow. */
  | { readonly kind: 'stop' };

export interface FromHttpLoad {
  readonly kind: 'done';
  readonly outcomes: readonly HttpOutcome[];
}
