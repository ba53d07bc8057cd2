// How long a check that only listens goes on: as long as nobody waits for it, as listening costs nothing meanwhile.

export interface Listening {
  /** At least so long; 0: as long as the check itself wants. */
  readonly leastMillis: number;
  /** Aborted as soon as the run waits for the check. */
  readonly awaited: AbortSignal;
}

/** Of a check that is waited for from its beginning. */
export const awaitedAtOnce = (leastMillis = 0): Listening => ({ leastMillis, awaited: AbortSignal.abort() });
