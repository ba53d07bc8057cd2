// The largest event that the broadcast route takes, found when a check first wants a larger one than was taken so far, and
// then used by all checks of the run: what a hub limits is not what they judge.

export interface EventLimit {
  /** `wantedBytes`, or the largest size found that the route takes. `take` broadcasts one event that nobody judges. */
  fit(
    wantedBytes: number,
    take: (bytes: number) => Promise<'taken' | 'refused' | 'unknown'>,
  ): Promise<number>;
}

/** Any hub takes ordinary events; what is larger is tried first. */
const ORDINARY_BYTES = 256;

export function createEventLimit(): EventLimit {
  let takenBytes = ORDINARY_BYTES;
  let refusedBytes = Number.POSITIVE_INFINITY;
  return {
    async fit(wantedBytes, take) {
      for (let bytes = wantedBytes; bytes > takenBytes; bytes = Math.floor(bytes / 2)) {
        if (bytes >= refusedBytes) continue;
        const answer = await take(bytes);
        if (answer === 'unknown') return wantedBytes;
        if (answer === 'taken') takenBytes = bytes;
        else refusedBytes = bytes;
      }
      return wantedBytes >= refusedBytes ? Math.min(wantedBytes, takenBytes) : wantedBytes;
    },
  };
}
