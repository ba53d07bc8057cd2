// Lengths of messages at which programs are wrong by one: where framing changes, and where buffers end.

/** The form of a frame's length field changes at 65,536 bytes; buffers end at other powers of two. */
const FRAMING_EDGES_BYTES = [65_535, 65_536, 65_537] as const;
const SMALLEST_EDGE_BITS = 8;

/** Every other event is as long as a limit of the framing, the others as long as a buffer may be. */
export function edgeBytes(mostBytes: number, seed: number, at: number): number {
  const turn = (seed % 97) + (at >> 1);
  const framing = FRAMING_EDGES_BYTES[turn % FRAMING_EDGES_BYTES.length] as number;
  if (at % 2 === 0 && framing <= mostBytes) return framing;
  const bits = Math.max(1, Math.floor(Math.log2(Math.max(mostBytes, 2))) - SMALLEST_EDGE_BITS + 1);
  return 2 ** (SMALLEST_EDGE_BITS + (turn % bits)) + (Math.floor(turn / bits) % 3) - 1;
}
