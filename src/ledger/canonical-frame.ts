// The one frame a correct hub sends for a payload: FIN, text, unmasked, shortest length (RFC 6455, 5.2). The event log
// holds events in this form, so that bytes equal to the log are known to be free of framing faults.

export function canonicalHeaderBytes(payloadBytes: number): number {
  return payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10;
}

/** Writes header and payload (`from` to `to` of `source`) at the start of `target`, which has room for them. */
export function writeCanonicalFrame(target: Buffer, source: Uint8Array, from: number, to: number): void {
  const payloadBytes = to - from;
  target[0] = 0x81;
  if (payloadBytes < 126) {
    target[1] = payloadBytes;
  } else if (payloadBytes < 65_536) {
    target[1] = 126;
    target.writeUInt16BE(payloadBytes, 2);
  } else {
    target[1] = 127;
    target.writeUInt32BE(Math.floor(payloadBytes / 2 ** 32), 2);
    target.writeUInt32BE(payloadBytes % 2 ** 32, 6);
  }
  target.set(source.subarray(from, to), canonicalHeaderBytes(payloadBytes));
}
