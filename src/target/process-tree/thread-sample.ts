// Which threads of a hub are read at one look: all of them, or some of very many, because reading them stops the event loop
// of the kit. Pure.

/** At most so many are read at one look. */
export const MOST_THREADS = 128;
/** Of more than these, always the first ones: what takes events and hands them on is usually started before any client. */
const FIRST = 32;
/** Those which ran lately, up to so many. */
const MOST_RUNNING = 32;
/** The others take turns. Each is read at two looks, one after the other: a wait is a difference. */
const IN_TURN = MOST_THREADS - FIRST - MOST_RUNNING;
const STEP = IN_TURN / 2;

export interface ThreadSample {
  /** Stand for themselves. */
  readonly sure: readonly number[];
  /** Stand for all that are not read, too. */
  readonly inTurn: readonly number[];
}

/** Of each look one after the other; `isRunning`: it ran between the last two looks. */
export function createThreadSampler(): (
  tids: readonly number[],
  isRunning: (tid: number) => boolean,
) => ThreadSample {
  let turn = 0;
  return (tids, isRunning) => {
    if (tids.length <= MOST_THREADS) return { sure: tids, inTurn: [] };
    const sure = new Set(tids.slice(0, FIRST));
    for (const tid of tids) if (sure.size < FIRST + MOST_RUNNING && isRunning(tid)) sure.add(tid);
    const from = turn % tids.length;
    turn = from + STEP;
    const inTurn = [...tids, ...tids].slice(from, from + IN_TURN).filter((tid) => !sure.has(tid));
    return { sure: [...sure], inTurn };
  };
}
