// B19: pongs are written by the reader's goroutine while the writer is in the middle of a message. Shows as a Pong's
// bytes inside the payload of a large event.
import type { Defect } from '../defect.ts';
import { pongBetweenPieces } from '../hub/pong-between-pieces.ts';

/** Written in one turn of the event loop, so that others have theirs. */
const PIECE_BYTES = 16_384;

export const twoWriters: Defect = {
  id: 'two-writers',
  bugClass: 'B19',
  summary: 'a Pong is written into the middle of a large event',
  severity: 'high',
  namedBy: { 'robustness.pings-under-load': 'fail' },
  change: pongBetweenPieces(PIECE_BYTES, (client, piece, next) => {
    client.socket.write(piece);
    setImmediate(next);
  }),
};
