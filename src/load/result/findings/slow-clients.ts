// What a hub did with clients that do not read: how much it held for them, and whether it closed the sockets of those that it
// evicted.
import type { Cohort } from '../../../client/cohort.ts';
import { renderDurationMillis } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';
import { renderBytes } from '../../../units/size.ts';
import { DEFAULT_RELEASE_LIMIT_MILLIS } from '../../plan/thresholds/release-limit.ts';
import type { PressureResult } from '../parts/pressure.ts';
import type { Eviction, Finding } from '../result.ts';

export interface PressureFacts {
  readonly pressure: PressureResult | null;
  readonly clientBufferMessages: number | undefined;
  /** What stands before the hub. */
  readonly proxy?: string | undefined;
}

/** Pressure that ended early, because the route or the clients were slow, shows nothing of a client that the hub kept. */
export function hasFilledQueues(pressure: PressureResult | null | undefined): boolean {
  return pressure == null || pressure.isWhole;
}

/** What was sent to fill the queues, and what that says of the hub's buffer. */
export function describePressure({ pressure, clientBufferMessages, proxy }: PressureFacts): string {
  if (pressure === null) return 'nothing was sent to fill its buffer';
  const { events, bytes, queuedMessages, queuedBytes, isWhole } = pressure;
  const sent = `pressure sent ${renderCount(events)} events (${renderBytes(bytes)})`;
  const queued =
    queuedMessages === null || queuedBytes === null
      ? ''
      : `, of which at least ${renderCount(queuedMessages)} (${renderBytes(queuedBytes)}) waited in the hub for each of them`;
  if (!isWhole) return `${sent}${queued}, and ended before the hub's buffer was filled`;
  if (proxy !== undefined)
    return `${sent}, more than ${proxy} before the hub and the kernels hold: the hub's buffer for a client has no limit, or a larger one that --client-buffer must name`;
  const limit =
    clientBufferMessages === undefined
      ? "the hub's buffer for a client has no limit, or a larger one that --client-buffer must name"
      : `more than the ${renderCount(clientBufferMessages)} messages of --client-buffer`;
  return `${sent}${queued}: ${limit}`;
}

/** Clients that the hub evicted, and whose sockets it had not closed when they read on. */
export function judgeReleases({ name }: Cohort, evictions: readonly Eviction[]): Finding[] {
  const seen = evictions.flatMap(({ cohort, released }) => (cohort === name && released ? [released] : []));
  const open = seen.filter(
    ({ leastMillis, mostMillis }) => mostMillis === null && leastMillis >= DEFAULT_RELEASE_LIMIT_MILLIS,
  );
  if (open.length === 0) return [];
  const least = Math.min(...open.map(({ leastMillis }) => leastMillis));
  return [
    {
      name: 'not-released',
      severity: 'error',
      cohort: name,
      message: `the hub had not closed the sockets of ${open.length} of ${seen.length} evicted clients ${renderDurationMillis(least)} after their eviction; it closed them only when they read on: a client that hangs keeps its connection, and the hub its memory`,
    },
  ];
}
