// Clients that stop reading, so exactly that the hub's own queue can be counted: a small receive window and events
// larger than what kernels hide behind it; where one of them cannot be had, more events.
import { type Backlog, fillBacklog, findEventBytes } from '../../lab/backlog.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { FEW_AT_ONCE } from '../../lab/route/publish-unordered.ts';

/** More than kernels hide of a small window (about 48 KiB): the first event is never taken completely. */
export const HUGE_EVENT_BYTES = 256 * 1024;
/** For many stalled clients at once. */
export const LARGE_EVENT_BYTES = 64 * 1024;

export const SLOW_CLAUSE = {
  source: 'protocol: Hub Architecture',
  quote: "Cleanup — if a client's send buffer is full, the client is disconnected and cleaned up",
};

export const ISOLATION_CLAUSE = {
  source: 'protocol: Hub Architecture',
  quote: 'Per-client send buffer — buffered channel (64 messages) prevents slow clients from blocking others',
};

export interface StalledScene {
  readonly stalled: readonly LabClient[];
  readonly witnesses: readonly LabClient[];
  /** As large as wanted, or as the hub takes. */
  readonly eventBytes: number;
  /** Publishes until so many messages wait for each stalled client, or until it is evicted; see BacklogPlan. */
  fill(outstanding: number, whenUnseen?: 'more' | 'fewer'): Promise<Backlog>;
}

/** Healthy witnesses, and clients that take part and then stop reading at the socket. */
export async function stallClients(
  lab: Lab,
  count: number,
  wantedBytes: number,
  witnesses?: readonly LabClient[],
): Promise<StalledScene> {
  const healthy = witnesses ?? [await lab.witness()];
  const eventBytes = await findEventBytes(lab, wantedBytes, healthy);
  return stall(lab, await lab.witnesses(count, { window: 'small' }), healthy, eventBytes);
}

/** The same with clients that are there already, each with a small window. */
export function stall(
  lab: Lab,
  stalled: readonly LabClient[],
  healthy: readonly LabClient[],
  eventBytes: number,
): StalledScene {
  for (const client of stalled) client.stopReading();
  return {
    stalled,
    witnesses: healthy,
    eventBytes,
    fill: (outstanding, whenUnseen = 'more') =>
      fillBacklog(lab, { stalled, witnesses: healthy, eventBytes, outstanding, whenUnseen }),
  };
}

/** An event comes to the witnesses, and later to the client that reads on. */
export const DELIVERIES_EACH = 2;

/** How many of so many overflows of a client, one after the other, there is time for; at least one. */
export function overflowsInTime(lab: Lab, overflows: number): number {
  const eventsEach = lab.settings.clientBufferMessages + 1;
  return lab.affordable({
    wanted: overflows,
    fewest: 1,
    triesFewest: true,
    what: ['client that overflows', 'clients that overflow'],
    eventsEach,
    deliveriesEach: DELIVERIES_EACH * eventsEach,
    atOnce: FEW_AT_ONCE,
  });
}

/** Libraries keep some of what they were given in a buffer of their own, and report it as sent. */
const LIBRARY_BUFFER_BYTES = 128 * 1024;

/** How many messages more than its own count a correct hub may have waiting, beyond one in flight; 0 for huge events. */
export function uncountable({ eventBytes }: StalledScene): number {
  return eventBytes >= HUGE_EVENT_BYTES ? 0 : Math.ceil(LIBRARY_BUFFER_BYTES / eventBytes);
}
