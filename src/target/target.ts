// A hub under test and how the kit makes it broadcast. Adapters implement this interface; checks and the load
// driver know nothing else of a hub. An adapter of the user's own default-exports `createTarget(): Target`.
import type { TlsSettings } from '../wire/tls/tls-settings.ts';
import type { PageHeaders, RequestForm } from './http/forms/request-form.ts';
import type { ClientIdentity } from './identity/client-identity.ts';
import type { ProducerOptions } from './producer/http-producer.ts';

export interface Target {
  /** Which adapter this is: reference, http, stdio, module or observe; for reports. */
  readonly adapter: string;
  /** Where clients connect, e.g. `ws://127.0.0.1:8800/ws`. May change after `restart`. */
  readonly url: string;
  /** How clients connect where the URL is `wss:`; an adapter of the user's own need not have it. */
  readonly tls?: TlsSettings | undefined;
  /** Who the clients say they are; connectAs (identity/client-identity.ts) gives what one of them connects with. */
  identity?: ClientIdentity | undefined;
  /** What a first handshake agreed on; undefined without TLS. */
  agreedTls?: AgreedTls | undefined;
  /**
   * What stands between the clients and the hub, such as `nginx/1.22.1`; undefined where nothing is known to. Then
   * sockets tell of the proxy, and what waits in the hub cannot be counted.
   */
  proxy?: string | undefined;
  /** Several hubs that must deliver the same events, of which this target is the first; undefined for one hub. */
  readonly hubs?: readonly Target[];
  /** Of these, those at which events are published. */
  readonly publishers?: readonly Target[];
  /** From now on events go to the next of the publishers. */
  readonly takeTurn?: () => void;
  /** What this target can do; a check whose needs are not here is skipped with the reason. */
  readonly abilities: TargetAbilities;
  /**
   * Makes the hub broadcast the envelopes, in this order. Each is the JSON text of one envelope, sent as it is, so
   * that numbers and escapes reach the hub untouched. One call's events keep their order; the next call made after
   * this one resolved comes later; concurrent calls may interleave. Never rejects for what a hub can do.
   */
  broadcast(envelopeTexts: readonly string[], options?: BroadcastOptions): Promise<BroadcastOutcome>;
  /**
   * The forms in which an event may be sent, for a hub that takes it as plain HTTP; undefined elsewhere. With the headers of
   * a page: those in which a page may send it, or try to, the plainest first.
   */
  readonly requestForms?: ((page?: PageHeaders) => readonly RequestForm[]) | undefined;
  /** What another machine needs to broadcast as this target does; undefined where only this one can. */
  readonly producer?: (() => ProducerOptions | undefined) | undefined;
  /** The hub's own counters, or undefined when it offers none or does not answer. */
  stats(): Promise<TargetStats | undefined>;
  /** Memory, descriptors and CPU time of the hub's process, or undefined where they cannot be read. */
  resources(): Promise<TargetResources | undefined>;
  /**
   * Asks for a graceful stop: with the signal, or without one by the shutdown operation, or by SIGTERM where the hub has no
   * such operation. Resolves when the process is gone or with why not.
   */
  stop(deadlineMillis: number, signal?: StopSignal): Promise<StopOutcome>;
  /** The signals that `stop` can send. Undefined: none, or not to the hub alone, but to a shell or runner in front of it. */
  readonly stopSignals?: readonly StopSignal[] | undefined;
  /** Ends the process at once (SIGKILL); resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again after `stop` or `kill`; on the same port where the adapter can. */
  restart(): Promise<TargetStart>;
  /**
   * Starts one more hub of the same kind beside it, for the caller to close; with a reason where that cannot be done. Absent
   * where the kit has not chosen the adapter.
   */
  startSecond?: (() => Promise<TargetStart>) | undefined;
  /** Its processes: what the fault `freeze` stops. Undefined where they are not known. */
  readonly pids?: (() => readonly number[]) | undefined;
  /** Resolves with one sentence when a hub the kit started ends by itself; never resolves otherwise. */
  readonly died: Promise<string>;
  /** Ends what this adapter opened: connections and any process it started. Safe to call twice. */
  close(): Promise<void>;
}

/** Such as TLSv1.3 and TLS_AES_256_GCM_SHA384. */
export interface AgreedTls {
  readonly protocol: string;
  readonly cipher: string;
}

export interface TargetAbilities {
  readonly broadcast: boolean;
  /** Takes many events in one request. */
  readonly batch: boolean;
  readonly stats: boolean;
  readonly resources: boolean;
  /** `stop`, `kill` and `restart` work: the kit owns the process. */
  readonly restart: boolean;
  /** Why something is false, for skip reasons: `{ stats: 'GET /stats answered 404' }`. */
  readonly missing: Readonly<
    Partial<Record<'broadcast' | 'batch' | 'stats' | 'resources' | 'restart', string>>
  >;
}

export interface BroadcastOptions {
  /** Milliseconds until the call gives up with `timeout`; default 10,000. */
  readonly deadlineMillis?: number;
}

export type BroadcastOutcome =
  | { readonly ok: true; readonly accepted: number }
  | {
      readonly ok: false;
      /** refused: the hub answered no; unreachable: no connection; timeout: no answer; unsupported: no such ability. */
      readonly kind: 'refused' | 'unreachable' | 'timeout' | 'unsupported';
      readonly problem: string;
      /** Of the events of the call, the first so many were accepted all the same. */
      readonly accepted?: number;
      /** Of the events after those, so many were in the request that was refused; default: all. The others were not sent. */
      readonly refused?: number;
      /** The HTTP status of a refusal. */
      readonly status?: number;
      /** A connection that earlier requests had used ended before the answer: nobody knows whether this one was read. */
      readonly isReused?: true;
    };

export interface TargetStats {
  readonly clients: number;
  /** Whatever else the hub reports, by its own names. */
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface TargetResources {
  readonly rssBytes: number;
  /** Private memory that it may write, touched or not; undefined where that is not known. */
  readonly dataBytes?: number | undefined;
  readonly descriptors: number;
  /** User plus system time since the process started. */
  readonly cpuSeconds: number;
}

export type StopSignal = 'SIGTERM' | 'SIGINT';

export type StopOutcome =
  | {
      readonly ok: true;
      readonly exitCode: number | null;
      readonly elapsedMillis: number;
      /** How the stop was requested; undefined where an adapter does not say. */
      readonly by?: 'shutdown' | StopSignal;
      /** The hub itself ended as a program that failed: `exited with code 1`. */
      readonly failure?: string | undefined;
    }
  | { readonly ok: false; readonly problem: string };

export type TargetStart =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly problem: string };
