// Where TLS records end in a stream of bytes: only the five bytes of each header are read (RFC 8446 section 5.1). What
// was torn at the end of a connection, a record or the WebSocket frame in it, shows here.

const HEADER_BYTES = 5;

export interface TlsRecords {
  /** The stream ends here, or after more calls. */
  read(bytes: Uint8Array, start: number, end: number): void;
  /** The last record has begun and is not complete. */
  readonly isTorn: boolean;
}

export function createTlsRecords(): TlsRecords {
  let headerBytes = 0;
  let bodyBytes = 0;
  return {
    read(bytes, start, end) {
      for (let at = start; at < end; ) {
        if (headerBytes < HEADER_BYTES) {
          const byte = bytes[at++] as number;
          if (headerBytes === 3) bodyBytes = byte * 256;
          else if (headerBytes === 4) bodyBytes += byte;
          headerBytes++;
        } else {
          const taken = Math.min(bodyBytes, end - at);
          at += taken;
          bodyBytes -= taken;
        }
        if (headerBytes === HEADER_BYTES && bodyBytes === 0) headerBytes = 0;
      }
    },
    get isTorn() {
      return headerBytes > 0;
    },
  };
}

/** A record holds at most so much, and adds so much to it: header, content type and tag of AES-GCM or ChaCha20 in TLS 1.3. */
const MOST_RECORD_BYTES = 16_384;
const RECORD_OVERHEAD_BYTES = 22;

/** How many bytes go over the wire for a write of so many; a few more or fewer with TLS 1.2. */
export function recordedBytes(plainBytes: number): number {
  return plainBytes + Math.ceil(plainBytes / MOST_RECORD_BYTES) * RECORD_OVERHEAD_BYTES;
}

/** How many bytes of a write are in the last so many on the wire. */
export function plainBytesOf(recordedBytes: number): number {
  const records = Math.ceil(recordedBytes / (MOST_RECORD_BYTES + RECORD_OVERHEAD_BYTES));
  return Math.max(0, recordedBytes - records * RECORD_OVERHEAD_BYTES);
}
