// How long a wait for the hub may last: the full time while the hub does what it is waited for, and less and less the more
// waits were in vain. A hub that leaves out one thing may leave it out in twenty checks; nobody waits 20 times in full.
// Pure.
import type { WaitAllowance } from '../../../session/wait-until.ts';

/** Each wait may take this share of what is left... */
const SHARE = 4;
/** ...but never less than this... */
const LEAST_MILLIS = 1_500;
/** ...nor than so many times the longest wait that was not in vain. */
const MET_FACTOR = 4;

export function createWaitAllowance(fullMillis: number): WaitAllowance {
  // So that the first wait, a fourth of it, has the full time.
  let leftMillis = fullMillis * SHARE;
  let longestMetMillis = 0;
  // Waits side by side cost their time once.
  let lostUntilMillis = Number.NEGATIVE_INFINITY;
  return {
    get millis() {
      const least = Math.max(LEAST_MILLIS, MET_FACTOR * longestMetMillis);
      return Math.round(Math.min(fullMillis, Math.max(least, leftMillis / SHARE)));
    },
    ended(isMet, startMillis, endMillis) {
      if (isMet) longestMetMillis = Math.max(longestMetMillis, endMillis - startMillis);
      else {
        leftMillis -= Math.max(0, endMillis - Math.max(startMillis, lostUntilMillis));
        lostUntilMillis = Math.max(lostUntilMillis, endMillis);
      }
    },
  };
}
