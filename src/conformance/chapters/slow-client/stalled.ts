// Clients that stop reading, so exactly that the hub's own queue can be counted: a small receive window and events
// larger than what kernels hide behind it.
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';

/** More than kernels hide of a small window (about 48 KiB): the first event is never taken completely. */
export const HUGE_EVENT_BYTES = 256 * 1024;
/** For many stalled clients at once. */
export const LARGE_EVENT_BYTES = 64 * 1024;

export const SLOW_CLAUSE = {
  source: 'protocol: Hub Architecture',
  quote: "Cleanup — if a client's send buffer is full, the client is disconnected and cleaned up",
};

/** Clients that take part and then stop reading at the socket. */
export async function stallClients(lab: Lab, count: number): Promise<LabClient[]> {
  const clients = await lab.witnesses(count, { window: 'small' });
  for (const client of clients) client.stopReading();
  return clients;
}

export interface PublishedRun {
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** The longest that an event took to reach all witnesses. */
  readonly longestMillis: number;
}

/** Broadcasts one event after the other; each has reached all witnesses before the next. */
export async function publishOneByOne(
  lab: Lab,
  count: number,
  paddingBytes: number,
  witnesses: readonly LabClient[],
): Promise<PublishedRun> {
  let longestMillis = 0;
  const sequences: number[] = [];
  for (let i = 0; i < count; i++) {
    const startMillis = lab.elapsedMillis();
    const events = await lab.publish([{ paddingBytes }], witnesses);
    longestMillis = Math.max(longestMillis, lab.elapsedMillis() - startMillis);
    sequences.push(...events.map(({ sequence }) => sequence));
  }
  return { firstSequence: sequences[0] ?? -1, lastSequence: sequences.at(-1) ?? -1, longestMillis };
}
