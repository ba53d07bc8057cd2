// The evictions of a cohort in the result: what each client got, and the anatomy of how it came to its end.
import type { CohortPart, EvictionPart } from '../../worker/worker-messages.ts';
import type { Eviction } from '../result.ts';
import { type AnatomySources, anatomyOf } from './eviction-anatomy.ts';
import { releasedOf } from './released.ts';

interface EvictionSources extends AnatomySources {
  /** How many there are. */
  readonly hubs: number;
}

export function foldEvictions({ name, evictions }: CohortPart, sources: EvictionSources): Eviction[] {
  return evictions.map((eviction) => foldEviction(name, eviction, sources));
}

function foldEviction(cohort: string, eviction: EvictionPart, sources: EvictionSources): Eviction {
  const millis = (micros: number | undefined) =>
    micros === undefined ? null : Math.round((micros - sources.measuredFromMicros) / 1e3);
  const { client, stalledAfterMessages, messages, bytes, how, window } = eviction;
  return {
    ...(sources.hubs > 1 && { target: eviction.hub + 1 }),
    cohort,
    client,
    stalledAtMillis: millis(eviction.stalledAtMicros),
    stalledAfterMessages,
    messages,
    bytes,
    endedAtMillis: millis(eviction.endedAtMicros),
    anatomy: anatomyOf(eviction, sources),
    released: releasedOf(eviction, sources),
    how,
    window,
  };
}
