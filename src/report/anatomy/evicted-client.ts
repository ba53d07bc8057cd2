// A client that the hub evicted, as load-test and replay reports show it, and which of many stands for its group.
import type { EvictionAnatomy } from '../../ledger/eviction-anatomy.ts';
import { groupBy } from '../format/group-by.ts';

export interface EvictedClient {
  /** Its cohort or group. */
  readonly group: string;
  /** Such as `frozen 2`, or `stalled, client 7`. */
  readonly who: string;
  readonly stalledAtMillis: number | null;
  /** Messages that it had read by then. */
  readonly readMessages: number | null;
  /** Null: it never stopped reading, or too little was seen of it. */
  readonly anatomy: EvictionAnatomy | null;
  readonly endedAtMillis: number | null;
  /** All that it got. */
  readonly messages: number;
  readonly bytes: number;
  /** `Close 1013`, `FIN`, `a reset`. */
  readonly how: string;
}

/** A client whose anatomy is known. */
export interface TypicalEviction extends EvictedClient {
  readonly stalledAtMillis: number;
  readonly readMessages: number;
  readonly anatomy: EvictionAnatomy;
  /** Clients of its group with an anatomy, this one included. */
  readonly outOf: number;
}

/** For each group the client in the middle, by when its queue overflowed or, where that is not known, its socket was closed. */
export function typicalEvictions(clients: readonly EvictedClient[]): TypicalEviction[] {
  const known = clients.flatMap((client) => {
    const { stalledAtMillis, readMessages, anatomy } = client;
    const atMillis = anatomy?.overflowAtMillis ?? (anatomy?.isQueueAtMost ? anatomy.closedAtMillis : null);
    if (stalledAtMillis === null || readMessages === null || !anatomy || atMillis === null) return [];
    return [{ ...client, stalledAtMillis, readMessages, anatomy, atMillis }];
  });
  return [...groupBy(known, ({ group }) => group).values()].flatMap((group) => {
    const inOrder = [...group].sort((a, b) => a.atMillis - b.atMillis);
    const middle = inOrder[Math.floor(group.length / 2)];
    return middle ? [{ ...middle, outOf: group.length }] : [];
  });
}
