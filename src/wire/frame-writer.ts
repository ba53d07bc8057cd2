// Frames out (RFC 6455 section 5.2): client frames masked, server frames not. `encodeFrame` can also write any illegal
// combination of bits, for those who test how a hub takes it.
import { randomBytes } from 'node:crypto';
import { OPCODE } from './frame-header.ts';

export interface FrameShape {
  readonly opcode: number;
  readonly payload?: Uint8Array;
  /** Default true. */
  readonly isFinal?: boolean;
  /** Default 0. */
  readonly reservedBits?: number;
  /** Four bytes, or undefined for an unmasked frame. */
  readonly mask?: Uint8Array | undefined;
  /** A length to declare in place of the true one. */
  readonly declaredBytes?: bigint;
  /** Bytes of the length field in place of the shortest form: 0, 2 or 8. */
  readonly lengthFieldBytes?: 0 | 2 | 8;
}

export function encodeFrame(shape: FrameShape): Buffer {
  const payload = shape.payload ?? new Uint8Array(0);
  const length = shape.declaredBytes ?? BigInt(payload.length);
  const field = shape.lengthFieldBytes ?? (length < 126n ? 0 : length < 65_536n ? 2 : 8);
  const maskBytes = shape.mask ? 4 : 0;
  const frame = Buffer.allocUnsafe(2 + field + maskBytes + payload.length);
  frame[0] = (shape.isFinal === false ? 0 : 0x80) | ((shape.reservedBits ?? 0) << 4) | shape.opcode;
  frame[1] = (maskBytes ? 0x80 : 0) | (field === 0 ? Number(length) : field === 2 ? 126 : 127);
  if (field === 2) frame.writeUInt16BE(Number(length), 2);
  if (field === 8) frame.writeBigUInt64BE(length, 2);
  frame.set(payload, 2 + field + maskBytes);
  if (shape.mask) {
    frame.set(shape.mask, 2 + field);
    for (let i = 0; i < payload.length; i++) {
      const at = 2 + field + 4 + i;
      frame[at] = (frame[at] as number) ^ (shape.mask[i & 3] as number);
    }
  }
  return frame;
}

/** A frame as a client must send it: masked with a fresh random key, or the one given. */
export function encodeClientFrame(
  opcode: number,
  payload: Uint8Array | string = '',
  mask: Uint8Array = randomBytes(4),
): Buffer {
  return encodeFrame({ opcode, payload: typeof payload === 'string' ? Buffer.from(payload) : payload, mask });
}

/** A text frame as a server sends it: final, unmasked. */
export function encodeServerText(payload: Uint8Array): Buffer {
  return encodeFrame({ opcode: OPCODE.text, payload });
}

/** The body of a Close frame (RFC 6455 section 5.5.1); empty without a code. */
export function encodeClosePayload(code?: number, reason = ''): Buffer {
  if (code === undefined) return Buffer.alloc(0);
  const text = Buffer.from(reason);
  const payload = Buffer.allocUnsafe(2 + text.length);
  payload.writeUInt16BE(code, 0);
  payload.set(text, 2);
  return payload;
}

/** Code and reason of a Close body; 1005 when it is empty, 1002 when it is one byte. */
export function decodeClosePayload(payload: Uint8Array): { readonly code: number; readonly reason: string } {
  if (payload.length === 0) return { code: 1005, reason: '' };
  if (payload.length === 1) return { code: 1002, reason: '' };
  const code = ((payload[0] as number) << 8) | (payload[1] as number);
  return { code, reason: Buffer.from(payload.subarray(2)).toString('utf8') };
}
