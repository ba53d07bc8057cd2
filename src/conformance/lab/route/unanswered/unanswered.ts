// A broadcast that was not answered in time: did a client that had stopped reading block it, is the route slow by itself, or
// does the hub not answer at all? Blame needs proof: another call waits while those clients are connected, and is answered
// soon after they are not.
import { median } from '../../../median.ts';

export interface AnsweredCall {
  readonly millis: number;
  readonly events: number;
  /** No client had stopped reading by the time of the answer. */
  readonly isUndisturbed: boolean;
}

export interface PendingCall {
  /** How long the answer took, counted from the call; undefined when none came within `millis`. */
  answeredWithin(millis: number): Promise<number | undefined>;
  /** The same, when its whole deadline has passed. */
  answered(): Promise<number | undefined>;
}

export interface UnansweredParts {
  readonly problem: string;
  /** Clients that do not read now: `client B (for 412 ms)`. */
  readonly stalled: readonly string[];
  /** What the check broadcast before. */
  readonly earlier: readonly AnsweredCall[];
  /** Broadcasts one more event that nobody judges. */
  callAgain(): PendingCall;
  /** Ends the connections of the stalled clients. */
  disconnectStalled(): void;
  /** Whether the hub has ended the connection of one of them. */
  isStalledClientDisconnected(): Promise<boolean>;
  /** Whether the hub answers the handshake of a new client, whatever it answers. */
  answersHandshake(): Promise<boolean>;
}

/** A call that waits so long beside a stalled client is blocked as the one before was. */
export const BLOCKED_MILLIS = 1_000;
/** A route takes so many times what it usually takes for once, without that anybody blocks it. */
const USUAL_FACTOR = 2;

/** The problem with what is known about its cause. */
export async function explainUnanswered(parts: UnansweredParts): Promise<string> {
  const { problem, stalled } = parts;
  const before = describeEarlier(parts.earlier);
  if (stalled.length > 0)
    return `${problem}; ${describeStalled(stalled)} had stopped reading${await findCause(parts)}${before}`;
  return (await parts.answersHandshake())
    ? `${problem}; no client had stopped reading: the route is slow${before}`
    : `${problem}; no client had stopped reading: ${SILENT}${before}`;
}

const SILENT = 'the hub does not answer the handshake of a new client either, it is stopped or hangs';

async function findCause(parts: UnansweredParts): Promise<string> {
  const call = parts.callAgain();
  if ((await call.answeredWithin(BLOCKED_MILLIS)) !== undefined)
    return (await parts.isStalledClientDisconnected()) && wasQuick(parts.earlier, BLOCKED_MILLIS)
      ? ', and when the hub had disconnected it, the route answered again'
      : ', but the route answers again while it still does not: the route is slow';
  parts.disconnectStalled();
  const tookMillis = await call.answered();
  if (tookMillis !== undefined)
    return wasQuick(parts.earlier, tookMillis)
      ? `, and once disconnected, the route answered again within ${Math.ceil(tookMillis - BLOCKED_MILLIS)} ms`
      : `, but without it an event takes ${Math.ceil(tookMillis)} ms, too: the route is slow`;
  if (!(await parts.answersHandshake())) return `; ${SILENT}`;
  return wasQuick(parts.earlier, BLOCKED_MILLIS)
    ? '; since then the route answers no more, although the client is gone'
    : ', but the route does not answer without it either: the route is slow';
}

/** Whether the route was seen to answer in clearly less than `millis` while every client read. */
function wasQuick(earlier: readonly AnsweredCall[], millis: number): boolean {
  const eachMillis = earlier
    .filter(({ isUndisturbed }) => isUndisturbed)
    .map((call) => call.millis / Math.max(1, call.events));
  return (
    eachMillis.length > 0 && Math.max(...eachMillis) < millis && median(eachMillis) * USUAL_FACTOR < millis
  );
}

const NAMED = 3;

/** `client A (for 9 ms), client B (for 8 ms) and 2 more`. */
export function describeStalled(stalled: readonly string[]): string {
  const more = stalled.length - NAMED;
  return stalled.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function describeEarlier(earlier: readonly AnsweredCall[]): string {
  if (earlier.length === 0) return ' (no broadcast of this check was answered)';
  const earlierMillis = earlier.map(({ millis }) => millis);
  const [usual, longest] = [median(earlierMillis), Math.max(...earlierMillis)].map(Math.ceil);
  return ` (the ${earlier.length} broadcasts before: median ${usual} ms, longest ${longest} ms)`;
}
