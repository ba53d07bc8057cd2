// Events that a client received although everybody had them before it connected: a hub that keeps the past for newcomers,
// or for clients that it takes for earlier ones. Pure.
import type { Recorded } from '../../../session/recorded.ts';

/** What the client that listens all the time had so long before is on no queue of the hub any more. */
export const SETTLED_MILLIS = 100;

/** What had happened when a client began to connect. */
export interface Dialed {
  readonly atMicros: number;
  /** The event that was made next. */
  readonly nextSequence: number;
  /** The last nonce of the join barrier that was settled then; -1: none. */
  readonly settledNonce: number;
}

type Received = Pick<Recorded, 'deliveries' | 'firstNonce'>;

/** How many, beginning at `from` of its deliveries; a nonce of the join barrier counts as an event. */
export function countReplayed(
  received: Received,
  dialed: Dialed,
  resident: Pick<Recorded, 'deliveries'> | undefined,
  from = 0,
): number {
  const earlier = received.deliveries.slice(from).filter(({ sequence }) => sequence < dialed.nextSequence);
  const isSettled = (wanted: number): boolean =>
    resident?.deliveries.some(
      ({ sequence, atMicros }) => sequence === wanted && atMicros + SETTLED_MILLIS * 1_000 <= dialed.atMicros,
    ) ?? false;
  const events = earlier.filter(({ sequence }) => isSettled(sequence)).length;
  const hasNonce = from === 0 && received.firstNonce >= 0 && received.firstNonce <= dialed.settledNonce;
  return events + (hasNonce ? 1 : 0);
}
