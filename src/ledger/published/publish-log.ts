// When each event of a run was accepted and how large it was: the basis of eviction reports, and of what a client missed.

import type { FrameSizeList } from '../events/frame-sizes.ts';
import type { CompressedBytes } from '../ledger.ts';
import { EventTimes, type EventTimesOptions } from './event-times.ts';

/** What was published, as eviction reports need it. */
export type PublishedEvents = Pick<PublishLog, 'acceptedAtMicros' | 'bytesBetween' | 'wireBytesBetween'>;

export interface PublishLog {
  /** Events `texts` were accepted, in order, at this moment of the machine's clock. */
  add(texts: readonly string[], atMicros: number): void;
  /** How many bytes the frames of these events have on the wire, where that is not those of their JSON. */
  addFrameSizes(sizes: FrameSizeList): void;
  /** When event `sequence` was accepted; undefined when it never was. */
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

export function createPublishLog(options: Omit<EventTimesOptions, 'onForget'> = {}): PublishLog {
  const events = new EventTimes({ ...options, onForget });
  /** Of the latest events, where it is known; a compressed event is not as long as its JSON. */
  const frameBytes: (number | undefined)[] = [];
  let firstFrame = 0;
  const forgotten = { wireBytes: 0, plainBytes: 0 };

  const bytesOf = (event: number) => events.offsetOf(event + 1) - events.offsetOf(event);
  const wireBytesOf = (event: number) => frameBytes[event - firstFrame];

  function sumFrames(first: number, end: number): CompressedBytes {
    let [wireBytes, plainBytes] = [0, 0];
    for (let event = first; event < end; event++) {
      const bytes = wireBytesOf(event);
      if (bytes === undefined) continue;
      wireBytes += bytes;
      plainBytes += bytesOf(event) + HEADER_BYTES;
    }
    return { wireBytes, plainBytes };
  }

  function onForget(first: number, end: number): void {
    const { wireBytes, plainBytes } = sumFrames(first, end);
    forgotten.wireBytes += wireBytes;
    forgotten.plainBytes += plainBytes;
    frameBytes.splice(0, end - first);
    firstFrame = end;
  }

  return {
    add(texts, atMicros) {
      for (const text of texts) events.add(atMicros, Buffer.byteLength(text));
    },
    addFrameSizes(sizes) {
      for (let at = 0; at + 1 < sizes.length; at += 2) {
        const index = (sizes[at] as number) - firstFrame;
        if (index >= 0) frameBytes[index] ??= sizes[at + 1] as number;
      }
    },
    acceptedAtMicros: (sequence) => events.timeOf(sequence),
    acceptedUntil: (micros) => events.countUntil(micros),
    bytesBetween: (first, end) => Math.max(0, events.offsetOf(end) - events.offsetOf(first)),
    wireBytesBetween(first, end) {
      const from = Math.min(end, Math.max(first, firstFrame));
      let bytes = Math.max(0, events.offsetOf(from) - events.offsetOf(first));
      for (let event = from; event < end; event++) bytes += wireBytesOf(event) ?? bytesOf(event);
      return bytes;
    },
    compressedBefore(end) {
      const { wireBytes, plainBytes } = sumFrames(firstFrame, end);
      return {
        wireBytes: forgotten.wireBytes + wireBytes,
        plainBytes: forgotten.plainBytes + plainBytes,
      };
    },
    eventsWithin(first, bytes) {
      let end = first;
      let used = 0;
      for (; end < events.count; end++) {
        used += wireBytesOf(end) ?? bytesOf(end) + HEADER_BYTES;
        if (used > bytes) break;
      }
      return end - first;
    },
  };
}
