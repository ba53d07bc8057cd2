// How long a client may wait for its handshake, whatever the hub does with other connections at the time.
import { type Breach, type Finding, fail } from '../../finding.ts';
import { oneLate, type TimedWork } from '../../timed-work.ts';

/** A correct hub answers a handshake in a few milliseconds. */
const MOST_DIAL_MILLIS = 2_000;

/** `circumstances` ends the sentence: `while others are evicted`. */
export const dialBreach = (circumstances: string, got: string): Breach => ({
  expected: `a new client is accepted within ${MOST_DIAL_MILLIS} ms ${circumstances}`,
  got,
});

/** The finding where the handshake, which was answered, took too long. */
export function findLateDial(timed: TimedWork, circumstances: string): Finding | undefined {
  if (timed.tookMillis <= MOST_DIAL_MILLIS) return undefined;
  const got = `its handshake took ${Math.round(timed.tookMillis)} ms`;
  return fail(dialBreach(circumstances, got), { basis: oneLate(timed, MOST_DIAL_MILLIS) });
}
