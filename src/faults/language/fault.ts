// What is done to a hub while a run goes on, as plain data: a restart, a freeze, connections that are reset, a slow network.

/** Milliseconds from the start of the measured time; `everyMillis` repeats. */
interface FaultTiming {
  /** As the user wrote it. */
  readonly written: string;
  /** The same without `at=` and `every=`. */
  readonly text: string;
  readonly atMillis: number;
  readonly everyMillis?: number;
  /** The hub, from 1; without it all hubs, or the first one where only the process of one is meant. */
  readonly target?: number;
}

export type Fault = FaultTiming & FaultAction;

export type FaultAction =
  /** A graceful stop, then a start: what a deployment does. */
  | { readonly kind: 'restart' }
  /** SIGKILL, then a start: what a crash does. */
  | { readonly kind: 'kill' }
  /** SIGSTOP, then SIGCONT. */
  | { readonly kind: 'freeze'; readonly forMillis: number }
  /** This share of the connections is reset from the clients' side. */
  | { readonly kind: 'drop'; readonly share: number }
  /** No byte gets through in either direction, and nothing is closed. */
  | { readonly kind: 'partition'; readonly forMillis: number }
  /** Each byte takes this much longer, in each direction. */
  | { readonly kind: 'latency'; readonly forMillis: number; readonly addMillis: number }
  /** The most that each connection carries, in each direction. */
  | { readonly kind: 'bandwidth'; readonly forMillis: number; readonly bytesPerSecond: number }
  /** Restarts the hubs one after another. */
  | { readonly kind: 'rolling-restart' }
  /** A hub that was not running before starts, and its clients, which were at the first hub until then, go there. */
  | { readonly kind: 'start' }
  /** A command of the user's; its effect lasts at least this long. */
  | { readonly kind: 'exec'; readonly command: string; readonly forMillis: number };

export type FaultKind = FaultAction['kind'];
