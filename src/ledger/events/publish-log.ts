// When each event of a run was accepted and how large it was: the basis of eviction reports.
import type { CompressedBytes } from '../ledger.ts';
import type { FrameSizeList } from './frame-sizes.ts';

/** Beyond this events are not remembered one by one; evictions after it have no anatomy. */
const MAX_EVENTS = 2_000_000;

/** After those, moments are remembered; when there are so many, every other one is forgotten. */
const MAX_LATE_MOMENTS = 100_000;

/** What was published, as eviction reports need it. */
export type PublishedEvents = Pick<PublishLog, 'acceptedAtMicros' | 'bytesBetween' | 'wireBytesBetween'>;

export interface PublishLog {
  /** Events `texts` were accepted, in order, at this moment of the machine's clock. */
  add(texts: readonly string[], atMicros: number): void;
  /** How many bytes the frames of these events have on the wire, where that is not those of their JSON. */
  addFrameSizes(sizes: FrameSizeList): void;
  /** When event `sequence` was accepted; undefined when it never was, or is not remembered. */
  acceptedAtMicros(sequence: number): number | undefined;
  /** How many events were accepted up to this moment. */
  acceptedUntil(micros: number): number;
  /** Bytes of JSON of the events from `first` up to, not including, `end`. */
  bytesBetween(first: number, end: number): number;
  /** The same in the kernels' buffers: compressed where they came so. */
  wireBytesBetween(first: number, end: number): number;
  /** Of the events before `end` whose frames are known: bytes on the wire, and those that they would have plain. */
  compressedBefore(end: number): CompressedBytes;
  /** How many events from `first` on, each a message of its own, are whole within so many bytes of a connection. */
  eventsWithin(first: number, bytes: number): number;
}

/** Of a frame from a hub, for events up to 64 KiB (RFC 6455 section 5.2); a larger one has six more. */
const HEADER_BYTES = 4;

/** How many of the ascending values are not above `limit`. */
function countUntil(limit: number, count: number, valueAt: (at: number) => number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (valueAt(middle) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function createPublishLog(maxEvents = MAX_EVENTS, maxLateMoments = MAX_LATE_MOMENTS): PublishLog {
  const times: number[] = [];
  /** Bytes of all events before this one. */
  const offsets: number[] = [0];
  /** By event, where it is known; a compressed event is not as long as its JSON. */
  const frameBytes: (number | undefined)[] = [];
  let accepted = 0;
  /** Of events that are not remembered one by one: how many had been accepted. */
  let late: { readonly atMicros: number; readonly accepted: number }[] = [];
  function noteLate(atMicros: number): void {
    late.push({ atMicros, accepted });
    if (late.length > maxLateMoments) late = late.filter((_, at, { length }) => (length - at) % 2 === 1);
  }
  const offset = (sequence: number) => offsets[Math.max(0, Math.min(sequence, offsets.length - 1))] ?? 0;
  return {
    add(texts, atMicros) {
      accepted += texts.length;
      if (accepted > maxEvents) noteLate(atMicros);
      for (const text of texts) {
        if (times.length >= maxEvents) return;
        times.push(atMicros);
        offsets.push((offsets.at(-1) ?? 0) + Buffer.byteLength(text));
      }
    },
    addFrameSizes(sizes) {
      for (let at = 0; at + 1 < sizes.length; at += 2)
        if ((sizes[at] as number) < maxEvents) frameBytes[sizes[at] as number] ??= sizes[at + 1] as number;
    },
    acceptedAtMicros: (sequence) => times[sequence],
    acceptedUntil(micros) {
      const moments = countUntil(micros, late.length, (at) => late[at]?.atMicros ?? 0);
      return late[moments - 1]?.accepted ?? countUntil(micros, times.length, (at) => times[at] ?? 0);
    },
    bytesBetween: (first, end) => Math.max(0, offset(end) - offset(first)),
    wireBytesBetween(first, end) {
      let bytes = 0;
      for (let event = first; event < end; event++)
        bytes += frameBytes[event] ?? offset(event + 1) - offset(event);
      return bytes;
    },
    compressedBefore(end) {
      let [wireBytes, plainBytes] = [0, 0];
      for (let event = 0; event < end; event++) {
        const bytes = frameBytes[event];
        if (bytes === undefined) continue;
        wireBytes += bytes;
        plainBytes += offset(event + 1) - offset(event) + HEADER_BYTES;
      }
      return { wireBytes, plainBytes };
    },
    eventsWithin(first, bytes) {
      let end = first;
      let used = 0;
      for (; end < times.length; end++) {
        used += frameBytes[end] ?? offset(end + 1) - offset(end) + HEADER_BYTES;
        if (used > bytes) break;
      }
      return end - first;
    },
  };
}
