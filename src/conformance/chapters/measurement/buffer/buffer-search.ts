// Finds the number of outstanding messages with which a client that does not read is still kept, and is lost with one
// more: ladder after ladder, until two of them say the same.
import type { Lab } from '../../../lab/lab.ts';
import { type Bounds, isFound, NOTHING_KNOWN, narrow, planRungs } from './depth-search.ts';
import type { Fate } from './fate.ts';
import type { Blocked } from './stalled-feed.ts';
import { type Climb, climb, type LadderPlan } from './stalled-ladder.ts';

/** Kept with so many, lost with one more, in two ladders. */
export interface LimitFound {
  readonly kind: 'found';
  readonly keptMessages: number;
  readonly fate: Exclude<Fate, 'kept'>;
  /** How long the event that overflowed the queue took to reach the healthy clients. */
  readonly delayMillis: number;
  /** How long the lost client had not been reading. */
  readonly stalledMillis: number;
}

export type BufferFound =
  | LimitFound
  /** The hub stands still, for everybody or for producers. */
  | { readonly kind: 'blocked'; readonly blocked: Blocked }
  /** Kept with so many outstanding, which is as far as the search goes. */
  | { readonly kind: 'unbounded'; readonly keptMessages: number }
  /** A client that hardly anything waits for is lost too, when it has not read for so long. */
  | { readonly kind: 'timed'; readonly stalledMillis: number; readonly fate: Exclude<Fate, 'kept'> }
  /** Ladders contradict each other: it is not the number of messages that decides. */
  | { readonly kind: 'unsteady'; readonly bounds: Bounds }
  | { readonly kind: 'refused'; readonly problem: string };

export type SearchPlan = Omit<LadderPlan, 'rungs'> & {
  /** Where the limit is thought to be: the first ladder looks there too. */
  readonly guessMessages: number;
  /** With so many outstanding, a client that is still kept is never evicted. */
  readonly mostMessages: number;
};

const MOST_CLIMBS = 14;
const MOST_CONTRADICTIONS = 3;

export async function findBuffer(lab: Lab, plan: SearchPlan): Promise<BufferFound> {
  let bounds = NOTHING_KNOWN;
  let guesses = [plan.guessMessages];
  let contradictions = 0;
  // A hub that makes everybody wait for each lost client: then only two are risked.
  let isCareful = false;
  for (let count = 0; count < MOST_CLIMBS; count++) {
    if (isFound(bounds)) {
      const limit = await confirmLimit(lab, plan, bounds.keptMessages);
      if (limit.kind === 'found') return limit;
      if (++contradictions > MOST_CONTRADICTIONS) break;
      bounds = limit.bounds;
      continue;
    }
    const rungs = isCareful
      ? planTwo(bounds, guesses[0], plan.mostMessages)
      : planRungs(bounds, guesses, plan.mostMessages);
    if (rungs.length === 0) return { kind: 'unbounded', keptMessages: plan.mostMessages };
    const result = await climb(lab, { ...plan, rungs });
    if (result.refusal !== undefined) return { kind: 'refused', problem: result.refusal };
    if (result.blocked && result.blocked.endedBy !== 'itself')
      return { kind: 'blocked', blocked: result.blocked };
    if (result.blocked) isCareful = true;
    bounds = fold(bounds, result);
    guesses = guessAfter(result, bounds);
  }
  return { kind: 'unsteady', bounds };
}

function fold(bounds: Bounds, { rungs }: Climb): Bounds {
  return rungs.reduce(
    (known, { outstandingMessages, fate }) => narrow(known, outstandingMessages, fate === 'kept'),
    bounds,
  );
}

/** What a lost client got tells how many had been kept for it, where the hub lets it drain. */
function guessAfter({ rungs, blocked }: Climb, { keptMessages }: Bounds): number[] {
  if (blocked) return [blocked.atMessage - 1];
  const last = rungs.at(-1);
  return last && last.fate !== 'kept' && last.receivedMessages > keptMessages ? [last.receivedMessages] : [];
}

function planTwo(
  { keptMessages, lostMessages }: Bounds,
  guess: number | undefined,
  mostMessages: number,
): number[] {
  const end = lostMessages ?? mostMessages;
  const isUseful = guess !== undefined && guess > keptMessages;
  const first = isUseful ? guess : Math.floor((keptMessages + end) / 2);
  return [first, first + 1].filter((rung) => rung > keptMessages && rung < end);
}

/** One ladder of two rungs: kept with so many, lost with one more. */
export async function confirmLimit(
  lab: Lab,
  plan: Omit<LadderPlan, 'rungs'>,
  keptMessages: number,
): Promise<LimitFound | { readonly kind: 'contradicted'; readonly bounds: Bounds }> {
  const rungs = [keptMessages, keptMessages + 1].filter((rung) => rung > 0);
  const result = await climb(lab, { ...plan, rungs });
  const last = result.rungs.at(-1);
  if (result.rungs.length < rungs.length || last === undefined || last.fate === 'kept')
    return { kind: 'contradicted', bounds: fold(NOTHING_KNOWN, result) };
  const overflowing = result.deliveries.filter(({ upToMessage }) => upToMessage > keptMessages);
  const delayMillis = Math.max(0, ...overflowing.map(({ millis }) => millis));
  return { kind: 'found', keptMessages, fate: last.fate, delayMillis, stalledMillis: result.stalledMillis };
}
