// Long messages are pulled in pieces, which a server takes however long the whole is, and are checked by their SHA-256.
import { createHash } from 'node:crypto';

const MAX_PIECE_BYTES = 256 * 1024;
/** Of a message of the server for the subject and what stands around a piece. */
const SPARE_BYTES = 1024;

export interface LongMessage {
  readonly bytes: number;
  readonly pieceBytes: number;
  readonly sha256: string;
}

export function pieceBytesFor(maxPayloadBytes: number): number {
  return Math.max(1, Math.min(MAX_PIECE_BYTES, maxPayloadBytes - SPARE_BYTES));
}

/** Of messages that several channels send. */
const digests = new WeakMap<Uint8Array, string>();

export function describeLong(message: Uint8Array, pieceBytes: number): LongMessage {
  const sha256 = digests.get(message) ?? sha256Of(message);
  digests.set(message, sha256);
  return { bytes: message.byteLength, pieceBytes, sha256 };
}

export function countPieces({ bytes, pieceBytes }: LongMessage): number {
  return Math.ceil(bytes / pieceBytes);
}

export function pieceOf(message: Uint8Array, pieceBytes: number, at: number): Uint8Array {
  return message.subarray(at * pieceBytes, (at + 1) * pieceBytes);
}

/** Undefined where they are not the message that was described. */
export function joinPieces(pieces: readonly Uint8Array[], { sha256 }: LongMessage): Buffer | undefined {
  const whole = Buffer.concat(pieces);
  return sha256Of(whole) === sha256 ? whole : undefined;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
