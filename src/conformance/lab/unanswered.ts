// A broadcast that was not answered in time: was it a client that had stopped reading, or is the route slow by itself? Blame
// needs proof: the connections of those clients are ended, and the route is called once more.
import type { BroadcastOutcome } from '../../target/target.ts';
import { median } from '../median.ts';

export interface UnansweredParts {
  readonly problem: string;
  /** Clients that do not read now: `client B (for 412 ms)`. */
  readonly stalled: readonly string[];
  /** What earlier broadcasts of the check took, in milliseconds. */
  readonly earlierMillis: readonly number[];
  /** Ends the connections of the stalled clients and broadcasts again; gives the outcome and how long it took. */
  readonly callWithoutStalled: () => Promise<{ readonly outcome: BroadcastOutcome; readonly millis: number }>;
}

/** The problem with what is known about its cause. */
export async function explainUnanswered(parts: UnansweredParts): Promise<string> {
  const { problem, stalled } = parts;
  const before = describeEarlier(parts.earlierMillis);
  if (stalled.length === 0) return `${problem}; no client had stopped reading: the route is slow${before}`;
  const who = `${problem}; ${describeStalled(stalled)} had stopped reading`;
  const { outcome, millis } = await parts.callWithoutStalled();
  return outcome.ok
    ? `${who}, and once disconnected, the route answered again within ${Math.ceil(millis)} ms${before}`
    : `${who}, but the route does not answer without them either: it is slow${before}`;
}

const NAMED = 3;

function describeStalled(stalled: readonly string[]): string {
  const more = stalled.length - NAMED;
  return stalled.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function describeEarlier(earlierMillis: readonly number[]): string {
  if (earlierMillis.length === 0) return '';
  const [usual, longest] = [median(earlierMillis), Math.max(...earlierMillis)].map(Math.ceil);
  return ` (the ${earlierMillis.length} broadcasts before: median ${usual} ms, longest ${longest} ms)`;
}
