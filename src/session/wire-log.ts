// What went over one connection, in words and with times, for the report of a failure. Bounded: the first and the last
// entries are kept, and how many were dropped between them.
import type { WireFrame } from './wire-frame.ts';

export interface WireEntry {
  /** Since the check began. */
  readonly atMillis: number;
  /** in: from the hub; out: to the hub; kit: what this side did to the socket. */
  readonly direction: 'in' | 'out' | 'kit';
  readonly client: string;
  readonly what: string;
  /** Where the entry is a frame that could be decoded. */
  readonly frame?: WireFrame;
  /** What reports draw or mark; absent for everything else, and in files of older versions. */
  readonly fact?: WireFact;
}

export type WireFact =
  | { readonly kind: 'event'; readonly sequence: number }
  | { readonly kind: 'fault' }
  /** The client stops reading. */
  | { readonly kind: 'stall' };

export interface WireLog {
  add(direction: WireEntry['direction'], what: string, frame?: WireFrame, fact?: WireFact): void;
  readonly entries: readonly WireEntry[];
  readonly dropped: number;
}

const HEAD_ENTRIES = 20;
const TAIL_ENTRIES = 80;

export function createWireLog(client: string, elapsedMillis: () => number): WireLog {
  const head: WireEntry[] = [];
  const tail: WireEntry[] = [];
  let dropped = 0;
  return {
    add(direction, what, frame, fact) {
      const entry = {
        atMillis: Math.round(elapsedMillis() * 10) / 10,
        direction,
        client,
        what,
        ...(frame === undefined ? {} : { frame }),
        ...(fact === undefined ? {} : { fact }),
      };
      if (head.length < HEAD_ENTRIES) {
        head.push(entry);
        return;
      }
      tail.push(entry);
      if (tail.length > TAIL_ENTRIES) {
        tail.shift();
        dropped++;
      }
    },
    get entries() {
      return [...head, ...tail];
    },
    get dropped() {
      return dropped;
    },
  };
}

/**
 * Several logs as one, in order of time: the last `limit` entries. What the kit did to a socket, such as to stop reading
 * from it, is kept before events: without it the rest cannot be understood.
 */
export function mergeWireLogs(logs: readonly WireLog[], limit: number): WireEntry[] {
  const all = logs.flatMap((log) => log.entries).sort((a, b) => a.atMillis - b.atMillis);
  const actions = all.filter(({ direction }) => direction === 'kit').slice(-Math.floor(limit / 2));
  const others = all.filter((entry) => !actions.includes(entry)).slice(actions.length - limit);
  return [...actions, ...others].sort((a, b) => a.atMillis - b.atMillis);
}
