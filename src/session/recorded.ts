// What a recorder keeps of one connection, as data: deliveries, texts, control frames and faults, each with its time.

export interface Delivery {
  readonly sequence: number;
  /** Microseconds of the machine's monotonic clock. */
  readonly atMicros: number;
  /** Of the payload. */
  readonly bytes: number;
  readonly frames: number;
  /** The content is what was published. The hub may have written the JSON in another form. */
  readonly isIntact: boolean;
}

export interface RecordedText {
  readonly atMicros: number;
  readonly text: string;
}

export interface RecordedPong {
  readonly atMicros: number;
  readonly payload: Buffer;
}

export interface RecordedClose {
  readonly atMicros: number;
  /** 1005 when the frame had no body, 1002 when the body was one byte. */
  readonly code: number;
  readonly reason: string;
}

export interface Fault {
  /** frame: illegal bits or UTF-8; binary: not a text message; json: not one JSON value; envelope: not of its shape; probe: damaged. */
  readonly kind: 'frame' | 'binary' | 'json' | 'envelope' | 'probe';
  readonly problem: string;
  /** A message with the name of the series: one of its events, damaged. */
  readonly isOwn?: true;
}

/** A message that held several events: one after the other, or as an array. */
export interface Merged {
  readonly problem: string;
  readonly shape: 'joined' | 'array';
}

export interface Recorded {
  /** Events of the recorder's own series, in order of arrival. */
  readonly deliveries: readonly Delivery[];
  /** The sequences of `deliveries`. */
  readonly sequences: readonly number[];
  /** The highest event seen, -1 before the first. */
  readonly lastSequence: number;
  /** The highest nonce of the join barrier seen, -1 before the first. */
  readonly lastNonce: number;
  /** The first nonce of the join barrier seen, -1 before it. */
  readonly firstNonce: number;
  /** Messages of any kind. */
  readonly messages: number;
  /** Bytes read, headers included. */
  readonly bytes: number;
  /** Texts, where the recorder keeps them. */
  readonly texts: readonly RecordedText[];
  readonly pings: number;
  /** At most 2,000. */
  readonly pongs: readonly RecordedPong[];
  readonly closes: readonly RecordedClose[];
  /** Illegal frames, binary messages, texts that are not one envelope; at most 20. */
  readonly faults: readonly Fault[];
  /** Messages that held several events of the series, at most 20. Their events are among `deliveries`. */
  readonly merged: readonly Merged[];
  /** A data frame, or bytes of an unfinished one, followed the Close of the hub (RFC 6455 5.5.1 forbids it). */
  readonly hasDataAfterClose: boolean;
  /** The bytes so far end inside a frame or a fragmented message. */
  readonly hasPartial: boolean;
  /** The last bytes of the payload of an unfinished frame, at most 512. */
  readonly tailBytes: Buffer;
}
