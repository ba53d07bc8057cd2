// How a running hub is made to broadcast, apart from who started it: the http, stdio and observe ways have one shape,
// so that a target is a driver plus, where the kit started the hub, its process.
import type { PageHeaders, RequestForm } from './http/forms/request-form.ts';
import type { ProducerOptions } from './producer/http-producer.ts';
import type { BroadcastOptions, BroadcastOutcome, TargetAbilities, TargetStats } from './target.ts';

export interface Driver {
  /** What the driver alone can do; `restart` and `resources` depend on the process. */
  readonly abilities: DriverAbilities;
  broadcast(envelopeTexts: readonly string[], options?: BroadcastOptions): Promise<BroadcastOutcome>;
  /** Of requests that carry an event as it is, of a producer or of a page. */
  requestForms?(page?: PageHeaders): readonly RequestForm[];
  /** What another machine needs to broadcast as this driver does; absent where only this one can. */
  producer?(): ProducerOptions;
  stats(): Promise<TargetStats | undefined>;
  /** Requests the hub to stop; false when the driver has no way to do that. */
  askToStop(deadlineMillis: number): Promise<boolean>;
  close(): Promise<void>;
}

type DriverAbilities = Pick<TargetAbilities, 'broadcast' | 'batch' | 'stats' | 'missing'>;

export type DriverStart =
  | { readonly ok: true; readonly driver: Driver }
  | { readonly ok: false; readonly problem: string };

export const BROADCAST_DEADLINE_MILLIS = 10_000;
export const STATS_DEADLINE_MILLIS = 3_000;

export function refused(problem: string, status?: number): BroadcastOutcome {
  return { ok: false, kind: 'refused', problem, ...(status !== undefined && { status }) };
}

/** The hub's own counters from its answer: an object with a number `clients`, or undefined. */
export function readStats(answer: unknown): TargetStats | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const raw = answer as Record<string, unknown>;
  return typeof raw.clients === 'number' && Number.isFinite(raw.clients)
    ? { clients: raw.clients, raw }
    : undefined;
}
