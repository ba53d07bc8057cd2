// The join barrier: hubs may register a client some time after its 101, so nonces are broadcast until every client that
// joins has seen one. Only from there on is what it receives judged.
import type { Waiter } from './wait-until.ts';

export interface JoinBarrier {
  /** Every client that joins has seen a nonce, or is gone. */
  readonly isPassed: () => boolean;
  /** Broadcasts one nonce and calls `untilSeen`; false ends the barrier: the hub did not take it. */
  readonly sendNonce: (untilSeen: () => Promise<boolean>) => Promise<boolean>;
  readonly waiter: Waiter;
  readonly nowMillis: () => number;
  readonly deadlineMillis: number;
  /** What a nonce usually takes, where that is long; default 0. */
  readonly firstWaitMillis?: number;
}

// The first nonce usually does; a hub that registers late gets more time with each.
const FIRST_WAIT_MILLIS = 50;
const LONGEST_WAIT_MILLIS = 1_000;

/** Resolves with the number of nonces once it is passed, the deadline is over, or the hub takes none. */
export async function passJoinBarrier(barrier: JoinBarrier): Promise<{ readonly nonces: number }> {
  const { isPassed, waiter, nowMillis } = barrier;
  const untilMillis = nowMillis() + barrier.deadlineMillis;
  const { firstWaitMillis = 0 } = barrier;
  let waitMillis = Math.min(LONGEST_WAIT_MILLIS, Math.max(FIRST_WAIT_MILLIS, firstWaitMillis));
  let nonces = 0;
  while (!isPassed() && nowMillis() < untilMillis) {
    const wait = { what: 'a nonce at every client', deadlineMillis: waitMillis };
    if (!(await barrier.sendNonce(() => waiter.until(isPassed, wait)))) break;
    nonces++;
    waitMillis = Math.min(waitMillis * 2, LONGEST_WAIT_MILLIS);
  }
  return { nonces };
}
