// What the events of a run said, as a few numbers for each 64 of them: so that what the clients of one machine received can be held
// against what those of another did. Of values, not of bytes: a hub may write the same JSON in other words. Apart from the log, as
// only runs over several machines compare; once for each event, never for each delivery.
import { contentHash } from '../../protocol/content-check.ts';
import { mixHashes } from '../../protocol/hash.ts';

/** A digest is of so many events, from a multiple of it on. */
export const DIGEST_EVENTS = 64;
/** Those after the first million are not compared. */
const MAX_EVENTS = 2 ** 20;
const FIRST_CAPACITY = 1_024;

export interface EncodedDigests {
  /** Clients of this process received different values for the same event: the hub writes each connection its own. */
  readonly isVaried: boolean;
  /** For each digest with events three numbers: how many digests after the one before, which events, and what they say. */
  readonly digests: readonly number[];
}

export class EventDigests {
  private isVaried = false;
  /** By sequence; 0 for none. */
  private hashes = new Int32Array(FIRST_CAPACITY);
  private readonly places: number[] = [];
  private readonly sums: number[] = [];

  /** An event as one client received it. */
  note(sequence: number, value: unknown): void {
    if (this.isVaried || sequence < 0 || sequence >= MAX_EVENTS) return;
    while (sequence >= this.hashes.length) this.grow();
    const hash = contentHash(value) || 1;
    const known = this.hashes[sequence];
    if (known === 0) this.add(sequence, hash);
    else if (known !== hash) this.isVaried = true;
  }

  encode(): EncodedDigests {
    const digests: number[] = [];
    let last = 0;
    for (const [at, places] of this.places.entries()) {
      if (places === 0) continue;
      digests.push(at - last, places, this.sums[at] as number);
      last = at;
    }
    return { isVaried: this.isVaried, digests };
  }

  // Sums, as the order in which a process first sees events depends on which client is ahead.
  private add(sequence: number, hash: number): void {
    this.hashes[sequence] = hash;
    const at = Math.floor(sequence / DIGEST_EVENTS);
    while (this.places.length <= at) {
      this.places.push(0);
      this.sums.push(0);
    }
    this.places[at] = ((this.places[at] as number) + mixHashes(sequence, 1)) | 0;
    this.sums[at] = ((this.sums[at] as number) + mixHashes(sequence, hash)) | 0;
  }

  private grow(): void {
    const grown = new Int32Array(2 * this.hashes.length);
    grown.set(this.hashes);
    this.hashes = grown;
  }
}

export interface EventDigest {
  /** Of its events the first that there may be. */
  readonly first: number;
  /** Equal where the digests are of the same events. */
  readonly places: number;
  readonly sum: number;
}

export function decodeDigests({ digests }: EncodedDigests): EventDigest[] {
  const decoded: EventDigest[] = [];
  let index = 0;
  for (let at = 0; at + 2 < digests.length; at += 3) {
    index += digests[at] as number;
    const [places, sum] = [digests[at + 1] as number, digests[at + 2] as number];
    decoded.push({ first: index * DIGEST_EVENTS, places, sum });
  }
  return decoded;
}
