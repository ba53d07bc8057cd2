// Whether the memory of a process levels off while as much is sent through it again and again. A heap with a garbage
// collector grows by hundreds of megabytes and then stays; what is kept forever grows as long as anything is sent. Pure.

export interface MemoryReading {
  /** Sent since the beginning. */
  readonly sentBytes: number;
  readonly rssBytes: number;
  /** What the process may use, touched or not; undefined where it is not known. */
  readonly dataBytes: number | undefined;
}

/** `may grow`: as if all were kept, but a heap may do the same for a while. */
export type MemoryTrend = 'levels off' | 'grows' | 'may grow' | 'too little sent';

const MEBIBYTE = 1024 * 1024;
/** Before so much was sent, what is kept fits into memory that was free. */
const LEAST_SENT_BYTES = 32 * MEBIBYTE;
/** Nothing that grew by less is a leak. */
export const LEAK_BYTES = 384 * MEBIBYTE;
/** After so much a hub that keeps it has had to take new memory, in units of up to 64 MiB. */
const NEEDS_NEW_BYTES = 96 * MEBIBYTE;
/** Of what was sent in a stretch: a hub that keeps it grows by all of it and more. */
const KEPT_SHARE = 0.5;

/**
 * The first reading is from before anything was sent; `freeBytes` of it may be free for what is kept, since the process
 * needed them for something else before.
 */
export function judgeMemory(readings: readonly MemoryReading[], freeBytes = 0): MemoryTrend {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined || last.sentBytes === 0) return 'too little sent';
  /** Growth as a share of what was sent, from a share of all that was sent until the end. */
  const shareSince = (part: number): number => {
    const from = readings.findLast(({ sentBytes }) => sentBytes <= part * last.sentBytes) ?? first;
    return (last.rssBytes - from.rssBytes) / (last.sentBytes - from.sentBytes);
  };
  if (shareSince(1 / 2) < KEPT_SHARE)
    return last.sentBytes < LEAST_SENT_BYTES + freeBytes ? 'too little sent' : 'levels off';
  const grownBytes = last.rssBytes - first.rssBytes;
  // A runtime may have taken its heap at the start, and touch it bit by bit: no new memory is no growth.
  const newBytes = (last.dataBytes ?? grownBytes) - (first.dataBytes ?? 0);
  const beyondFreeBytes = last.sentBytes - freeBytes;
  if (beyondFreeBytes >= NEEDS_NEW_BYTES && newBytes < KEPT_SHARE * beyondFreeBytes) return 'levels off';
  const isSteady = [0, 3 / 4].every((part) => shareSince(part) >= KEPT_SHARE);
  return isSteady && grownBytes >= LEAK_BYTES && newBytes >= grownBytes / 2 ? 'grows' : 'may grow';
}
