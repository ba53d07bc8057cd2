// RFC 6455 framing as a server writes it. Written by hand: known-bad hubs share no code with the reference hub.

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** One unmasked frame. `firstByte` may be given to write what the RFC forbids (FIN, RSV and opcode bits as they are). */
export function encodeFrame(opcode: number, payload: Uint8Array, firstByte = 0x80 | opcode): Buffer {
  const header = encodeHeader(firstByte, payload.length);
  return Buffer.concat([header, payload], header.length + payload.length);
}

function encodeHeader(firstByte: number, payloadBytes: number): Buffer {
  if (payloadBytes < 126) return Buffer.from([firstByte, payloadBytes]);
  if (payloadBytes < 65_536) {
    const header = Buffer.from([firstByte, 126, 0, 0]);
    header.writeUInt16BE(payloadBytes, 2);
    return header;
  }
  const header = Buffer.alloc(10);
  header[0] = firstByte;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(payloadBytes), 2);
  return header;
}

/** A Close frame; without a code its payload is empty. */
export function encodeClose(code?: number, reason = ''): Buffer {
  if (code === undefined) return encodeFrame(OPCODE.close, Buffer.alloc(0));
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2);
  return encodeFrame(OPCODE.close, payload);
}
