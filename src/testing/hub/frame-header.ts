// The header of a frame that a client sent (RFC 6455 5.2), as it is: nothing is judged here.

export interface Header {
  readonly fin: boolean;
  readonly reservedBits: number;
  readonly opcode: number;
  readonly isMasked: boolean;
  readonly mask: Buffer;
  readonly payloadBytes: number;
  readonly headerBytes: number;
}

/** Undefined while bytes are missing. */
export function parseHeader(input: Buffer): Header | undefined {
  const [first, second] = input;
  if (first === undefined || second === undefined) return undefined;
  const shortLength = second & 0x7f;
  const lengthBytes = shortLength === 127 ? 8 : shortLength === 126 ? 2 : 0;
  const isMasked = (second & 0x80) !== 0;
  const headerBytes = 2 + lengthBytes + (isMasked ? 4 : 0);
  if (input.length < headerBytes) return undefined;
  return {
    fin: (first & 0x80) !== 0,
    reservedBits: first & 0x70,
    opcode: first & 0x0f,
    isMasked,
    mask: Buffer.from(input.subarray(2 + lengthBytes, headerBytes)),
    payloadBytes: readLength(input, shortLength),
    headerBytes,
  };
}

function readLength(input: Buffer, shortLength: number): number {
  if (shortLength === 126) return input.readUInt16BE(2);
  if (shortLength === 127) return Number(input.readBigUInt64BE(2));
  return shortLength;
}
