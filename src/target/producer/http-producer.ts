// Broadcasts over HTTP from another machine than the one that found the hub: with what was found out there, so that nothing is tried
// again and every event that this one sends belongs to a run.
import type { TlsSettings } from '../../wire/tls/tls-settings.ts';
import type { Header } from '../http/broadcast-header.ts';
import { parseBodyTemplate } from '../http/http-body.ts';
import { type HttpDriver, startHttpDriver } from '../http/http-driver.ts';

/** Plain data. It holds what the hub asks of producers, keys and tokens among it, so it is never part of a report. */
export interface ProducerOptions {
  readonly broadcastUrl: string;
  readonly headers: readonly Header[];
  /** As it was written. */
  readonly template?: string | undefined;
  readonly tls?: TlsSettings | undefined;
  /** Whether the hub takes many events in one request, as far as is known. */
  readonly takesBatches: boolean;
}

export type Producer = Pick<HttpDriver, 'broadcast' | 'warmUp' | 'close'>;

export type ProducerStart =
  | { readonly ok: true; readonly producer: Producer }
  | { readonly ok: false; readonly problem: string };

/** Fails when nothing listens there. */
export async function startHttpProducer({ template, ...options }: ProducerOptions): Promise<ProducerStart> {
  const parsed = template === undefined ? undefined : parseBodyTemplate(template);
  if (parsed?.ok === false) return parsed;
  const start = await startHttpDriver({ ...options, template: parsed?.value });
  if (!start.ok) return start;
  // The second use of a connection waits for whether the server keeps it.
  await start.driver.warmUp();
  return { ok: true, producer: start.driver };
}
