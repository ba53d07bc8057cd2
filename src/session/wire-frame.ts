// A frame of the wire log, decoded: what a reader of a report wants to see of it. Bounded, because a log of a hundred
// entries for each failed check goes into one file.
import { createFrameHeader, decodeFrameHeader, type FrameHeader, OPCODE } from '../wire/frame-header.ts';
import { decodeClosePayload } from '../wire/frame-writer.ts';

export interface WireFrame {
  readonly opcode: number;
  readonly isFinal: boolean;
  readonly isMasked: boolean;
  /** RSV1 to RSV3 as three bits; absent when none is set. */
  readonly reservedBits?: number;
  /** Of the whole message where it came in several frames; null when the header declares more than 2^53. */
  readonly payloadBytes: number | null;
  /** More than one: a fragmented message, shown as one entry. */
  readonly frames?: number;
  /** Of a Close frame; 1005 stands for a body without a code. */
  readonly close?: { readonly code: number; readonly reason: string };
  /** The beginning of a text, Ping or Pong payload, at most SHOWN_PAYLOAD_BYTES of it. */
  readonly text?: string;
}

/** Enough for an event whole; of a longer payload the rest is padding for the size of it. */
export const SHOWN_PAYLOAD_BYTES = 1_024;

/** A frame, or the message that frames made, whose payload is at hand. */
export function describeWireFrame(
  header: Pick<FrameHeader, 'opcode' | 'isFinal' | 'isMasked' | 'reservedBits'>,
  payload: Uint8Array,
  frames = 1,
): WireFrame {
  const { opcode } = header;
  return {
    ...describeHeader({ ...header, payloadBytes: payload.length }),
    ...(frames > 1 ? { frames } : {}),
    ...(opcode === OPCODE.close ? { close: decodeClosePayload(payload) } : {}),
    ...(hasText(opcode) && payload.length > 0 ? { text: beginningOf(payload) } : {}),
  };
}

/** Only what the header says: of a frame that is refused before its payload is read. */
export function describeHeader(header: Omit<FrameHeader, 'headerBytes'>): WireFrame {
  const { opcode, isFinal, isMasked, reservedBits, payloadBytes } = header;
  return {
    opcode,
    isFinal,
    isMasked,
    ...(reservedBits === 0 ? {} : { reservedBits }),
    payloadBytes: Number.isFinite(payloadBytes) ? payloadBytes : null,
  };
}

/** What was written to the hub, when it is one whole frame; undefined for half of one, several, or anything else. */
export function decodeWireFrame(bytes: Uint8Array): WireFrame | undefined {
  const header = createFrameHeader();
  if (!decodeFrameHeader(bytes, 0, bytes.length, header)) return undefined;
  const { headerBytes, payloadBytes, isMasked } = header;
  if (headerBytes + payloadBytes !== bytes.length) return undefined;
  const payload = bytes.subarray(headerBytes);
  if (!isMasked) return describeWireFrame(header, payload);
  const mask = bytes.subarray(headerBytes - 4, headerBytes);
  // One byte more than is shown tells that there is more.
  const shown = payload
    .subarray(0, SHOWN_PAYLOAD_BYTES + 1)
    .map((byte, at) => byte ^ (mask[at & 3] as number));
  return { ...describeWireFrame(header, shown), payloadBytes };
}

function hasText(opcode: number): boolean {
  return opcode === OPCODE.text || opcode === OPCODE.ping || opcode === OPCODE.pong;
}

/** A character that the cut goes through is left out. */
function beginningOf(payload: Uint8Array): string {
  return new TextDecoder().decode(payload.subarray(0, SHOWN_PAYLOAD_BYTES), {
    stream: payload.length > SHOWN_PAYLOAD_BYTES,
  });
}

const OPCODE_NAMES = new Map<number, string>(Object.entries(OPCODE).map(([word, code]) => [code, word]));

/** What a client sent, in words. */
export function describeSentFrame(opcode: number, payload: Uint8Array | string): string {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload);
  const word = OPCODE_NAMES.get(opcode) ?? `opcode ${opcode}`;
  const shown = bytes.length === 0 ? '' : ` ${JSON.stringify(bytes.subarray(0, 60).toString('utf8'))}`;
  return `${word} of ${bytes.length} B${opcode === OPCODE.close ? '' : shown}`;
}
