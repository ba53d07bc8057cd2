// The compressed form of an event's frame (RFC 7692 7.2.1), without the context of any other message, so that all clients
// that agreed to compression get the same bytes.
import { constants, deflateRawSync } from 'node:zlib';
import { COMPRESSED_BIT } from '../../wire/deflate.ts';
import { createFrameHeader, decodeFrameHeader, OPCODE } from '../../wire/frame-header.ts';
import { encodeFrame } from '../../wire/frame-writer.ts';

/** A smaller message hardly shrinks: it is sent as it is, which RFC 7692 6 allows for any message. */
const LEAST_COMPRESSED_BYTES = 128;
/** What the sender leaves out at the end of each message (RFC 7692 7.2.1). */
const TAIL_BYTES = 4;
/** The hub's only thread compresses, once for each event: the quickest level costs least latency. */
const SETTINGS = { level: constants.Z_BEST_SPEED, finishFlush: constants.Z_SYNC_FLUSH };

const header = createFrameHeader();

/** `frame` is a whole text frame without mask; it is returned itself where compression gains nothing. */
export function deflateFrame(frame: Buffer): Buffer {
  decodeFrameHeader(frame, 0, frame.length, header);
  if (header.payloadBytes < LEAST_COMPRESSED_BYTES) return frame;
  const payload = deflateRawSync(frame.subarray(header.headerBytes), SETTINGS).subarray(0, -TAIL_BYTES);
  if (payload.length >= header.payloadBytes) return frame;
  return encodeFrame({ opcode: OPCODE.text, reservedBits: COMPRESSED_BIT, payload });
}
