// When each event of a run was accepted and how large it was: the basis of eviction reports.

/** Beyond this events are not remembered one by one; evictions after it have no anatomy. */
const MAX_EVENTS = 2_000_000;

/** What was published, as eviction reports need it. */
export type PublishedEvents = Pick<PublishLog, 'acceptedAtMicros' | 'bytesBetween'>;

export interface PublishLog {
  /** Events `texts` were accepted, in order, at this moment of the machine's clock. */
  add(texts: readonly string[], atMicros: number): void;
  /** When event `sequence` was accepted; undefined when it never was, or is not remembered. */
  acceptedAtMicros(sequence: number): number | undefined;
  /** How many events were accepted up to this moment. */
  acceptedUntil(micros: number): number;
  /** Bytes of JSON of the events from `first` up to, not including, `end`. */
  bytesBetween(first: number, end: number): number;
  /** How many events from `first` on, each a message of its own, are whole within so many bytes of a connection. */
  eventsWithin(first: number, bytes: number): number;
}

/** Of a frame from a hub, for events up to 64 KiB (RFC 6455 section 5.2); a larger one has six more. */
const HEADER_BYTES = 4;

export function createPublishLog(): PublishLog {
  const times: number[] = [];
  /** Bytes of all events before this one. */
  const offsets: number[] = [0];
  const offset = (sequence: number) => offsets[Math.max(0, Math.min(sequence, offsets.length - 1))] ?? 0;
  return {
    add(texts, atMicros) {
      for (const text of texts) {
        if (times.length >= MAX_EVENTS) return;
        times.push(atMicros);
        offsets.push((offsets.at(-1) ?? 0) + Buffer.byteLength(text));
      }
    },
    acceptedAtMicros: (sequence) => times[sequence],
    acceptedUntil(micros) {
      let [low, high] = [0, times.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((times[middle] ?? 0) <= micros) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    bytesBetween: (first, end) => Math.max(0, offset(end) - offset(first)),
    eventsWithin(first, bytes) {
      let end = first;
      while (
        end < times.length &&
        offset(end + 1) - offset(first) + (end + 1 - first) * HEADER_BYTES <= bytes
      )
        end += 1;
      return end - first;
    },
  };
}
