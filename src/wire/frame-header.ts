// One frame header (RFC 6455 section 5.2), decoded in place. HOT: called for every frame that is not compared as a
// whole; allocates nothing (guarded by the receive bench).

/** Opcodes (RFC 6455 section 5.2). */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Filled by decodeFrameHeader; reuse one object. */
export interface FrameHeader {
  isFinal: boolean;
  /** RSV1 to RSV3 as three bits; 0 unless an extension was negotiated. */
  reservedBits: number;
  opcode: number;
  isMasked: boolean;
  /** Payload length in bytes; beyond 2^53 it is Infinity. */
  payloadBytes: number;
  /** Length of the header itself, mask included. */
  headerBytes: number;
}

export function createFrameHeader(): FrameHeader {
  return { isFinal: false, reservedBits: 0, opcode: 0, isMasked: false, payloadBytes: 0, headerBytes: 0 };
}

/** Decodes the header at `start`; false when bytes `start` to `end` do not hold all of it. */
export function decodeFrameHeader(
  buffer: Uint8Array,
  start: number,
  end: number,
  into: FrameHeader,
): boolean {
  if (end - start < 2) return false;
  const first = buffer[start] as number;
  const second = buffer[start + 1] as number;
  const short = second & 0x7f;
  const maskBytes = second & 0x80 ? 4 : 0;
  const headerBytes = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + maskBytes;
  if (end - start < headerBytes) return false;
  into.isFinal = (first & 0x80) !== 0;
  into.reservedBits = (first >> 4) & 7;
  into.opcode = first & 0x0f;
  into.isMasked = maskBytes !== 0;
  into.headerBytes = headerBytes;
  into.payloadBytes = short < 126 ? short : readLength(buffer, start + 2, short === 126 ? 2 : 8);
  return true;
}

function readLength(buffer: Uint8Array, at: number, bytes: number): number {
  let length = 0;
  for (let i = 0; i < bytes; i++) length = length * 256 + (buffer[at + i] as number);
  return length > Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : length;
}

/** Bytes of the header that a correct hub sends with a payload: unmasked, with the shortest length (RFC 6455, 5.2). */
export function shortestHeaderBytes(payloadBytes: number): number {
  return payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10;
}

/** Whether a frame with this opcode begins a message. */
export function isMessageStart(opcode: number): boolean {
  return opcode === OPCODE.text || opcode === OPCODE.binary;
}
