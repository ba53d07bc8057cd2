// Where to look next for the number of outstanding messages at which a client is lost. Pure: the ladder that asks the
// hub is stalled-ladder.ts.

export interface Bounds {
  /** The most messages with which a client was kept; 0 before any was. */
  readonly keptMessages: number;
  /** The fewest with which one was lost; undefined while none was. */
  readonly lostMessages: number | undefined;
}

export const NOTHING_KNOWN: Bounds = { keptMessages: 0, lostMessages: undefined };

const FIRST_RUNGS = [2, 5, 9, 17, 33, 65, 129, 257, 513, 1_026, 2_050, 4_100];
const FINER_RUNGS = 12;

/**
 * Numbers of outstanding messages to try, rising, all between the bounds; empty when the bounds meet or nothing is left
 * to try, up to `mostMessages`. `guesses` are numbers at which the client is thought to be kept for the last time: each is
 * tried, and the next.
 */
export function planRungs(
  bounds: Bounds,
  guesses: readonly number[],
  mostMessages: number,
): readonly number[] {
  const { keptMessages, lostMessages } = bounds;
  const end = lostMessages ?? mostMessages + 1;
  const spread =
    lostMessages === undefined ? [...FIRST_RUNGS, mostMessages] : spreadEvenly(keptMessages, lostMessages);
  const wanted = [...spread, ...guesses.flatMap((guess) => [guess, guess + 1])];
  const inside = wanted.filter((rung) => rung > keptMessages && rung < end);
  return [...new Set(inside)].sort((a, b) => a - b);
}

function spreadEvenly(low: number, high: number): number[] {
  const step = Math.max(1, (high - low) / (FINER_RUNGS + 1));
  const rungs: number[] = [];
  for (let at = low + step; at < high && rungs.length < FINER_RUNGS; at += step) rungs.push(Math.round(at));
  return rungs;
}

export function isFound({ keptMessages, lostMessages }: Bounds): boolean {
  return lostMessages === keptMessages + 1;
}

/** The bounds after a client was kept, or lost, with so many. What was seen last wins over what contradicts it. */
export function narrow(bounds: Bounds, outstandingMessages: number, isKept: boolean): Bounds {
  const { keptMessages, lostMessages } = bounds;
  if (isKept) {
    const isBelow = lostMessages !== undefined && lostMessages > outstandingMessages;
    return {
      keptMessages: Math.max(keptMessages, outstandingMessages),
      lostMessages: isBelow ? lostMessages : undefined,
    };
  }
  return {
    keptMessages: keptMessages < outstandingMessages ? keptMessages : 0,
    lostMessages: Math.min(lostMessages ?? outstandingMessages, outstandingMessages),
  };
}
