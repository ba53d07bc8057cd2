// What became of a client that did not read and then read on, derived from what it received. Pure, so that every policy of
// a hub can be shown to it without one.

/**
 * kept: it got everything and goes on. kicked: its connection is over. dropped-newest and dropped-oldest: connected, but
 * the latest, or earlier, events were left out; dropped-others: several holes. forgotten: connected, and gets nothing any more.
 */
export type Fate = 'kept' | 'kicked' | 'dropped-newest' | 'dropped-oldest' | 'dropped-others' | 'forgotten';

export interface Sighting {
  /** Events in order of arrival, of any time. */
  readonly received: readonly number[];
  /** The first event that was broadcast while the client did not read, and how many there were. */
  readonly firstSequence: number;
  readonly outstandingMessages: number;
  readonly isOver: boolean;
}

export function judgeFate({ received, firstSequence, outstandingMessages, isOver }: Sighting): Fate {
  const fenceSequence = firstSequence + outstandingMessages;
  if (isOver) return 'kicked';
  if (!received.some((sequence) => sequence >= fenceSequence)) return 'forgotten';
  const came = new Set(received);
  const missing: number[] = [];
  for (let at = firstSequence; at < fenceSequence; at++) if (!came.has(at)) missing.push(at);
  const [first, last] = [missing[0], missing.at(-1)];
  if (first === undefined || last === undefined) return 'kept';
  if (last - first + 1 !== missing.length) return 'dropped-others';
  return last === fenceSequence - 1 ? 'dropped-newest' : 'dropped-oldest';
}
