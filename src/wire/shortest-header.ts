// The header of the one frame a correct hub sends for a payload: FIN, text, unmasked, shortest length (RFC 6455, 5.2).
// The event log holds events in that form, so that bytes equal to the log are known to be free of framing faults.

export function shortestHeaderBytes(payloadBytes: number): number {
  return payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10;
}
