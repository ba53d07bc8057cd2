// When each event of a run was accepted and how large it was: the basis of eviction reports.
import type { CompressedBytes } from '../ledger.ts';
import type { FrameSizeList } from './frame-sizes.ts';

/** Beyond this events are not remembered one by one; evictions after it have no anatomy. */
const MAX_EVENTS = 2_000_000;

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

export function createPublishLog(): PublishLog {
  const times: number[] = [];
  /** Bytes of all events before this one. */
  const offsets: number[] = [0];
  /** By event, where it is known; a compressed event is not as long as its JSON. */
  const frameBytes: (number | undefined)[] = [];
  const offset = (sequence: number) => offsets[Math.max(0, Math.min(sequence, offsets.length - 1))] ?? 0;
  return {
    add(texts, atMicros) {
      for (const text of texts) {
        if (times.length >= MAX_EVENTS) return;
        times.push(atMicros);
        offsets.push((offsets.at(-1) ?? 0) + Buffer.byteLength(text));
      }
    },
    addFrameSizes(sizes) {
      for (let at = 0; at + 1 < sizes.length; at += 2)
        if ((sizes[at] as number) < MAX_EVENTS) frameBytes[sizes[at] as number] ??= sizes[at + 1] as number;
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
